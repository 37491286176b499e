"""From a message to a checked answer: the path and its steps. Touches nothing but what `service.py` names."""
