"""What the project in the user's hands is: read from texts and names, without touching network or programs."""
