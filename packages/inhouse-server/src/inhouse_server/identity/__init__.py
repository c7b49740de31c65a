"""Who is asking: signatures of control-plane requests, and the tokens that open the data plane. No I/O, no clock."""
