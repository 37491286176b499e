"""A dataset described for other people's programs: Croissant 1.1 (MLCommons) and CycloneDX 1.7 with a data component (OWASP).

Only what can be checked against the bytes is claimed, and by what right each row is there. Texts of persons are not in it:
Parquet holds them sealed. The forms are checked in the tests against the rules of both formats.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from mingbai import __version__
from mingbai.learn.dataset import MANIFEST, ROWS, Dataset
from mingbai.values.json import JsonObject

CROISSANT, CYCLONEDX = "croissant.json", "bom.cdx.json"
CONTEXT: JsonObject = {
    "@language": "en", "@vocab": "https://schema.org/", "arrayShape": "cr:arrayShape", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn", "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isArray": "cr:isArray", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator",
    "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
FIELDS = {
    "id": "digest of the row, under the person's own key where it is a person's",
    "task": "what the row teaches",
    "part": "train or held_out",
    "lang": "language and script",
    "source": "where the row comes from",
    "ground": "the consent or licence by which the row is used",
    "template": "rows with one are ways of saying one thing",
    "text": "what was said; empty where it lies sealed",
    "completion": "what is learned; empty where it lies sealed",
}
COLLECTED = (
    "Lines written by hand for training, and words of customers who agreed to training under the notice that the manifest "
    "names, masked under a key of each person's own."
)


def write(folder: Path, dataset: Dataset) -> tuple[Path, Path]:
    """Both files, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / CROISSANT, folder / CYCLONEDX
    for path, said in zip(made, (croissant(dataset), cyclonedx(dataset)), strict=True):
        path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made


def croissant(dataset: Dataset) -> JsonObject:
    file = _file(dataset)
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": dataset.folder.name,
        "description": f"Training rows of the shop {dataset.manifest['shop']}: {len(dataset.rows)} rows.",
        "version": "1.0.0",
        "identifier": f"sha256:{dataset.digest}",
        "license": [_licence_url(it) for it in _licences(dataset)] or ["https://w3id.org/dpv#Consent"],
        "url": f"urn:mingbai:dataset:{dataset.digest}",
        "datePublished": str(dataset.manifest["made"])[:10],
        "isLiveDataset": False,
        "rai:dataCollection": COLLECTED,
        "rai:personalSensitiveInformation": "Names, telephones, addresses and numbers are replaced by pseudonyms before a row is made.",
        "rai:dataUseCases": f"Purpose: {dataset.manifest['purpose']} of the shop's own assistant, and nothing else.",
        "distribution": [
            {
                "@type": "cr:FileObject", "@id": ROWS, "name": ROWS, "contentUrl": ROWS,
                "encodingFormat": "application/x-parquet", "contentSize": f"{file['bytes']} B", "sha256": file["sha256"],
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": "rows", "name": "rows", "key": {"@id": "rows/id"},
                "field": [
                    {
                        "@type": "cr:Field", "@id": f"rows/{name}", "name": name, "description": what, "dataType": "sc:Text",
                        "source": {"fileObject": {"@id": ROWS}, "extract": {"column": name}},
                    }
                    for name, what in FIELDS.items()
                ],
            }
        ],
    }  # fmt: skip


def cyclonedx(dataset: Dataset) -> JsonObject:
    file = _file(dataset)
    ref = f"dataset-{dataset.digest[:12]}"
    counts = cast(dict[str, Any], dataset.manifest["counts"])
    properties = [
        ("mingbai:purpose", dataset.manifest["purpose"]),
        ("mingbai:manifest", MANIFEST),
        ("mingbai:rows", counts["rows"]),
        ("mingbai:persons", counts["persons"]),
        *((f"mingbai:rows:{ground}", many) for ground, many in counts["ground"].items()),
        *(("mingbai:consent", f"{it['consent']} {it['notice']} v{it['version']} {it['region']}") for it in _consents(dataset)),
    ]  # fmt: skip
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, dataset.digest)}",
        "version": 1,
        "metadata": {
            "timestamp": str(dataset.manifest["made"]),
            "tools": {"components": [{"type": "application", "name": "mingbai", "version": __version__}]},
            "component": {"type": "data", "bom-ref": f"{ref}-root", "name": dataset.folder.name},
        },
        "components": [
            {
                "type": "data",
                "bom-ref": ref,
                "name": dataset.folder.name,
                "version": dataset.digest[:12],
                "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
                "licenses": [{"license": {"id": it}} for it in _licences(dataset)],
                "data": [
                    {
                        "type": "dataset", "name": ROWS, "classification": "masked",
                        "contents": {"url": ROWS}, "sensitiveData": ["masked conversations"] if counts["persons"] else [],
                        "description": COLLECTED,
                    }
                ],
                "properties": [{"name": name, "value": str(value)} for name, value in properties],
            }
        ],
    }  # fmt: skip


def _file(dataset: Dataset) -> dict[str, Any]:
    return cast(list[dict[str, Any]], dataset.manifest["files"])[0]


def _licences(dataset: Dataset) -> list[str]:
    return [it["licence"] for it in cast(list[dict[str, str]], dataset.manifest["licences"])]


def _consents(dataset: Dataset) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], dataset.manifest["consents"])


def _licence_url(licence: str) -> str:
    return f"https://spdx.org/licenses/{licence}.html"
