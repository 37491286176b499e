"""Somebody else's training of the same rows: TRL's SFTTrainer with peft, as they come. Only `mingbai bench learn` uses it.

The weights are the same GGUF's, in float32 as TRL loads them, and the sentences are tokenised by us, so that both sides learn
the very same tokens. Its clock runs over `train()` alone: loading and unpacking are not held against it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import SFTConfig, SFTTrainer

from mingbai.learn import judge
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.weights import Tensor, Weights

NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip


def train(
    base: Path,
    examples: Sequence[Example],
    held: Sequence[Example],
    recipe: Recipe,
    *,
    ours: bool,
    folder: Path,
) -> tuple[float, float, int]:
    """Seconds of `train()` by the wall and of the processor, and how many held-out sentences it then names rightly. `ours`: with our rank, rate, epochs and
    projections (in all its layers); else with the defaults of TRL and peft."""
    torch.set_num_threads(recipe.threads)
    model = _model(base)
    taught = [_row(lesson) for lesson in lessons(base, examples)]
    lora = (
        LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, target_modules="all-linear", task_type="CAUSAL_LM")
        if ours
        else LoraConfig(task_type="CAUSAL_LM")
    )
    changes: dict[str, Any] = (
        {
            "learning_rate": recipe.rate,
            "num_train_epochs": recipe.epochs,
            "per_device_train_batch_size": recipe.batch,
        }
        if ours
        else {}
    )
    settings = SFTConfig(
        output_dir=str(folder), seed=recipe.seed, use_cpu=True, report_to="none", save_strategy="no",
        disable_tqdm=True, logging_strategy="no", **changes,
    )  # fmt: skip
    trainer = SFTTrainer(
        model=model,
        args=settings,
        train_dataset=Dataset.from_list(taught),
        processing_class=_padding(),
        peft_config=lora,
    )
    begun, before = time.monotonic(), time.process_time()
    trainer.train()
    seconds, cpu = time.monotonic() - begun, time.process_time() - before
    return seconds, cpu, _right(trainer.model, lessons(base, held))


def _row(lesson: Lesson) -> dict[str, list[int]]:
    prompt = len(lesson.tokens) - lesson.learned
    return {"input_ids": list(lesson.tokens), "labels": [-100] * prompt + list(lesson.tokens[prompt:])}


def _padding() -> Any:
    """The trainer wants a tokeniser to know what to pad with; the rows have their tokens already."""
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<pad>": 0, "<eos>": 1}, "<pad>")),
        pad_token="<pad>",
        eos_token="<eos>",
    )


def _model(base: Path) -> Any:
    weights = Weights(base)
    d = weights.described
    head = weights.head()
    config = Qwen2Config(
        vocab_size=len(head), hidden_size=d.embedding_length, intermediate_size=weights.layout.feed_forward_length,
        num_hidden_layers=d.block_count, num_attention_heads=d.head_count, num_key_value_heads=d.head_count_kv,
        rope_parameters={"rope_type": "default", "rope_theta": weights.layout.rope_base},
        rms_norm_eps=weights.layout.norm_epsilon, tie_word_embeddings=True, max_position_embeddings=2048,
        bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    state = {"model.embed_tokens.weight": head.float(), "model.norm.weight": weights.final_norm()}
    for n in range(weights.layers):
        layer, at = weights.layer(n), f"model.layers.{n}"
        state[f"{at}.input_layernorm.weight"] = layer.attention_norm
        state[f"{at}.post_attention_layernorm.weight"] = layer.feed_norm
        for name, linear in layer.linear.items():
            state[f"{at}.{NAMES[name]}.weight"] = linear.weight.float()
            if linear.bias is not None:
                state[f"{at}.{NAMES[name]}.bias"] = linear.bias
    model = Qwen2ForCausalLM(config)
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected
    assert set(missing) <= {"lm_head.weight"}  # tied to the embedding
    return model


@torch.no_grad()  # type: ignore[untyped-decorator]
def _right(model: Any, held: Sequence[Lesson]) -> int:
    model.eval()

    def odds(some: Sequence[int]) -> Tensor:
        rows = []
        for i in some:
            prompt = held[i].tokens[: -held[i].learned]
            with torch.autocast("cpu", torch.bfloat16):
                rows.append(model(input_ids=torch.tensor([prompt]), logits_to_keep=1).logits[0, -1].float())
        return torch.stack(rows)

    return judge.right(held, odds)
