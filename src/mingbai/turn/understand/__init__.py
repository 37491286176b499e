"""What a message asks for: language, intents, slots, and whether a person must take it. `Understander` is the way in.

Rules, then a small classifier trained on hand-written examples, then a model under a grammar where both are unsure. It
knows no rows: whether an order number exists is for the shop to say.
"""

from mingbai.turn.understand.understander import Understander as Understander
