"""What all tests share: nothing depends on how busy the machine is, or on what started the tests."""

import signal

from hypothesis import settings

settings.register_profile("patient", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("patient")

# A shell that starts the tests in the background lets them, and all that they start, ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
