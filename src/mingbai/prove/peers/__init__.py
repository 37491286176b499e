"""What a user would pick instead, on the same weights: Qwen-Agent with our skills as its tools, and a plain RAG chain.

Each is a script that runs in a venv of its own, made by the bench; nothing of them is a dependency of ours. They speak to
`mingbai run` as any client does, and to the bench over pipes, one JSON object a line.
"""
