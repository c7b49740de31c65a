from pytest_inhouse.errors import FixtureError, RefusedError, ServerDidNotStartError


def test_what_a_reader_of_a_test_run_sees() -> None:
    assert str(FixtureError("It is red.", hint="Paint it.")) == "It is red.\n\nhint: Paint it."
    refused = RefusedError("Asking", status=403, code="AccessDeniedException", reason="no", hint="Ask.")
    assert str(refused) == "Asking was refused with 403 AccessDeniedException: no\n\nhint: Ask."
    assert str(RefusedError("It", status=409, code="", reason="no", hint="x")).startswith("It was refused with 409: no")
    assert "(nothing)" in str(ServerDidNotStartError("ended at once", " \n"))
