"""Personal text under a key per person; who destroys the key has erased the text, in every copy."""
