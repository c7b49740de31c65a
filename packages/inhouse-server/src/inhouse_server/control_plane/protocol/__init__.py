"""AWS's wire protocols, driven by botocore's service models: nothing here knows what an operation does."""
