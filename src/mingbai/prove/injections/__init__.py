"""Injections: what an attacker wants (payloads), how it is worded (forms) and what brings it in (carriers), in Chinese and
English, asked through the whole path while the model does whatever the attacker says."""
