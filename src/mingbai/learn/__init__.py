"""From rows that people agreed to, to an adapter that serves, and back out again. Alone may import torch (extra `learn`)."""
