"""`mingbai`: one file per command, imported when it is called, so that -h answers at once."""

from __future__ import annotations

import importlib
import keyword
import sys

import click

COMMANDS = {
    "run": "启动服务。 / Start the service.",
    "ask": "问客服台一句。 / Ask the desk.",
    "import": "导入商家的文件：订单、商品、顾客、规则。 / Import the merchant's files.",
    "models": "模型权重：列出、下载、校验、添加。 / Weights: list, pull, verify, add.",
    "understand": "听懂一句话：语言、意图、要素。 / What a message asks for.",
    "mask": "个人信息：找出并替换。 / Personal data: find and replace.",
    "shop": "店铺：列出、查看、统计。 / Shops: list, show, count.",
    "receipts": "收据：查看、交出、验证；日志和公钥。 / Receipts: show, hand out, verify; the log.",
    "policy": "权限规则：检查、解释、全表。 / Policy: check, explain, the whole table.",
    "consent": "同意：告知书、同意、撤回。 / Consents: notices, given, withdrawn.",
    "access": "一个人的数据：有哪些、为什么、多久。 / What is kept of a person, why and for how long.",
    "erase": "删除一个人的数据，给出证明。 / Erase a person's data, with a certificate.",
    "rectify": "更正一个人的数据。 / Correct a person's data.",
    "register": "请求与披露的登记。 / The register of requests and disclosures.",
    "retention": "保存期限：看看什么到期，删掉。 / Retention: what is due, and its removal.",
    "actions": "客服台做过的改动：列出、撤销。 / What the desk changed: list, undo.",
    "mcp": "把店铺技能作为 MCP 工具提供。 / The shop's skills as an MCP server.",
    "search": "搜索商品、规则、评价。 / Search products, rules and reviews.",
    "export": "导出全部数据，可再导入。 / Export everything; it can be imported again.",
    "keys": "访问钥匙：新建、列出、收回。 / Access keys: create, list, revoke.",
    "doctor": "哪里不对，怎么修。 / What is wrong and how to mend it.",
    "native": "为这台机器的处理器编译引擎。 / Build the engine for this processor.",
    "bench": "测速，与裸 llama.cpp 对比。 / Speed, beside a bare llama.cpp.",
    "prove": "测质量。 / Quality suites.",
    "learn": "学习：选行、训练、把关、上线、退回。 / Learning: rows, training, gate, serving, back out.",
}


class _Lazy(click.Group):
    """Knows the commands' names and one line of help without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        module = importlib.import_module(f"mingbai.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 / Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mingbai", prog_name="mingbai")
def cli() -> None:
    """明白：商家自己的 AI 服务。 / Mingbai: an AI service for commerce that is yours."""


def main() -> None:
    """The entry point: our errors become one clear message in both languages and exit code 1."""
    from mingbai.values.errors import MingbaiError

    try:
        cli(prog_name="mingbai")
    except MingbaiError as e:
        click.echo(f"✗ {e.what.zh}\n  {e.what.en}\n→ {e.mend.zh}\n  {e.mend.en}", err=True)
        sys.exit(1)
