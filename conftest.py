"""What all tests share: a property is judged by what it says, not by how busy the machine is."""

from hypothesis import settings

settings.register_profile("patient", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("patient")
