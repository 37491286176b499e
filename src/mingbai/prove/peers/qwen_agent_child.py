# mypy: ignore-errors
"""Qwen-Agent's own function calling, as its README shows it. Runs in the bench's venv, never imported by us.

In: {"tools": […], "url", "key", "model"}, then questions {"id", "say", "system"}. Out: {"call", "arguments"}, whose result comes back
as one line, and {"id", "answer", "first", "last"}.
"""

import json
import sys
import time

real = sys.stdout
sys.stdout = sys.stderr  # what libraries print is no answer


def say(obj):
    real.write(json.dumps(obj, ensure_ascii=False) + "\n")
    real.flush()


def main():
    from qwen_agent.agents import FnCallAgent
    from qwen_agent.tools.base import BaseTool

    start = json.loads(sys.stdin.readline())

    def tool(each):
        class Skill(BaseTool):
            name = each["name"]
            description = each["description"]
            parameters = {"type": "object", "properties": each["parameters"]["properties"], "required": []}  # noqa: RUF012  a class of Qwen-Agent is declared so

            def call(self, params, **kwargs):
                say(
                    {
                        "call": each["name"],
                        "arguments": params if isinstance(params, str) else json.dumps(params),
                    }
                )
                return json.loads(sys.stdin.readline())["result"]

        return Skill()

    llm = {"model": start["model"], "model_type": "oai", "model_server": start["url"], "api_key": start["key"],
           "generate_cfg": {"temperature": 0.01, "top_p": 0.9, "max_tokens": 400, "fncall_prompt_type": start.get("style", "nous")}}  # fmt: skip
    agents = {}
    say({"ready": True})
    for line in sys.stdin:
        ask = json.loads(line)
        began, first, text, error = time.perf_counter(), 0.0, "", ""
        agent = agents.setdefault(
            ask["system"],
            FnCallAgent(
                function_list=[tool(t) for t in start["tools"]], llm=llm, system_message=ask["system"]
            ),
        )
        try:
            for response in agent.run([{"role": "user", "content": ask["say"]}], lang=ask["lang"]):
                last = response[-1] if response else {}
                if last.get("role") == "assistant" and last.get("content") and not last.get("function_call"):
                    first = first or time.perf_counter() - began
                    text = last["content"] if isinstance(last["content"], str) else str(last["content"])
        except Exception as e:  # noqa: BLE001  whatever it raises is its answer
            error = type(e).__name__
        say(
            {
                "id": ask["id"],
                "answer": text,
                "first": first,
                "last": time.perf_counter() - began,
                "error": error,
            }
        )


main()
