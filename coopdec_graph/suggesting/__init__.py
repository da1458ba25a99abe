"""What the words of an activity hint at: suggestions for a person, never facts."""
