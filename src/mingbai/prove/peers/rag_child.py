# mypy: ignore-errors
"""A plain RAG chain as LangChain's tutorials build it: chunks in a vector store, the nearest four in the prompt.

Runs in the bench's venv, never imported by us. In: {"chunks": [{"text", "owner"}], "url", "key", "model", "embed"}, then questions
{"id", "say", "system", "owner"}. A chunk with an owner is found for that owner alone. Out: {"id", "answer", "first", "last", "seen"}.
"""

import json
import sys
import time

real = sys.stdout
sys.stdout = sys.stderr
NEAREST = 4


def say(obj):
    real.write(json.dumps(obj, ensure_ascii=False) + "\n")
    real.flush()


def main():
    from langchain_core.documents import Document
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.vectorstores import InMemoryVectorStore
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings

    start = json.loads(sys.stdin.readline())
    at = {"base_url": start["url"], "api_key": start["key"]}
    embed = OpenAIEmbeddings(model=start["embed"], check_embedding_ctx_length=False, chunk_size=64, **at)
    store = InMemoryVectorStore(embed)
    store.add_documents([Document(c["text"], metadata={"owner": c["owner"]}) for c in start["chunks"]])
    prompt = ChatPromptTemplate.from_messages([("system", "{system}\n\n{context}"), ("user", "{say}")])
    chain = prompt | ChatOpenAI(model=start["model"], temperature=0, max_tokens=400, **at)
    say({"ready": True})
    for line in sys.stdin:
        ask = json.loads(line)
        began, first, text, error, found = time.perf_counter(), 0.0, "", "", []
        try:
            owner = ask["owner"]
            found = store.similarity_search(
                ask["say"], k=NEAREST, filter=lambda d, owner=owner: d.metadata["owner"] in ("", owner)
            )
            context = "\n\n".join(d.page_content for d in found)
            for piece in chain.stream({"system": ask["system"], "context": context, "say": ask["say"]}):
                if piece.content:
                    first = first or time.perf_counter() - began
                    text += piece.content
        except Exception as e:  # noqa: BLE001  whatever it raises is its answer
            error = type(e).__name__
        say({"id": ask["id"], "answer": text, "first": first, "last": time.perf_counter() - began, "error": error,
             "seen": [d.page_content for d in found]})  # fmt: skip


main()
