"""The example shop 明白茶具 / Mingbai Teaware: hand-written content, and rows made from it with no clock and no dice.

`make.rows(today)` yields the same rows for the same day, on every machine. People, addresses and companies are invented.
"""
