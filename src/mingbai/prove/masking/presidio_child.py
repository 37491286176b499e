# mypy: ignore-errors
"""Presidio over a blank spaCy pipeline, for texts in Chinese and English. Runs in the bench's venv, never imported by us.

In: {"text", "lang"} a line. Out: {"spans": [[start, end, entity, score]]} a line, and once {"seconds"} of processor time at the end.
Blank, as without a downloaded model; the suffix list is the packaged one, so it opens no connection.
"""

import json
import sys
import time

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR = offline


class Blank(NlpEngine):
    def __init__(self):
        self.pipelines = {}

    def load(self):
        self.pipelines = {lang: spacy.blank(lang) for lang in ("zh", "en")}

    def is_loaded(self):
        return bool(self.pipelines)

    def process_text(self, text, language):
        doc = self.pipelines[language](text)
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.text for token in doc],
            nlp_engine=self,
            language=language,
        )

    def process_batch(self, texts, language, **_):
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word, language):
        return self.pipelines[language].vocab[word].is_stop

    def is_punct(self, word, language):
        return self.pipelines[language].vocab[word].is_punct

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["zh", "en"]


engine = Blank()
engine.load()
registry = RecognizerRegistry(supported_languages=["zh", "en"])
registry.load_predefined_recognizers(languages=["zh", "en"])
analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["zh", "en"])
lines = [json.loads(line) for line in sys.stdin]
began = time.process_time()
for line in lines:
    found = analyzer.analyze(text=line["text"], language=line["lang"])
    print(json.dumps({"spans": [[it.start, it.end, it.entity_type, it.score] for it in found]}))
print(json.dumps({"seconds": time.process_time() - began}))
