"""CASE 1.4 / UCO 1.4 as JSON-LD: an investigation, its actions, files, provenance records and authorizations.

The ontologies: https://caseontology.org and https://unifiedcyberontology.org; the tests hold what is written here
against their SHACL shapes. Every node's id is ``kb:KIND-UUID``, the UUID version 5 (RFC 9562) of the ledger's origin
and of what the node stands for (an entry's number, an exhibit's, a file's SHA-256), so the same thing has the same id
in every document about a case, and no id holds a name.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evidencevault import __version__
from evidencevault.custody.entry import Json

Node = dict[str, Json]

CONTEXT: Node = {
    "kb": "https://evidencevault.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of which SHA-256 (hex) may be told; size (bytes), path and media type where known."""

    sha256: str
    size: int | None = None
    path: str = ""
    media_type: str = ""


@dataclass(slots=True)
class Graph:
    """Collects the nodes of one document about one ledger; every method gives the id of what it added."""

    origin: str
    _nodes: dict[str, Node] = field(default_factory=dict)

    def id(self, kind: str, *what: object) -> str:
        """``kb:KIND-UUID`` of a thing of this ledger."""
        ledger = uuid.uuid5(uuid.NAMESPACE_URL, self.origin)
        return f"kb:{kind}-{uuid.uuid5(ledger, '/'.join(map(str, (kind, *what))))}"

    def add(self, node_id: str, kind: str, **properties: Json) -> str:
        """A node; properties are named ``prefix__name`` with ``_`` for ``-``, and what is empty is left out."""
        told: Node = {"@id": node_id, "@type": kind}
        for name, value in properties.items():
            prefix, _, rest = name.partition("__")
            if value not in (None, "", []):
                told[f"{prefix.replace('_', '-')}:{rest}"] = value
        self._nodes[node_id] = told
        return node_id

    def tool(self) -> str:
        """This program, as the instrument of every action."""
        return self.add(
            self.id("tool", __version__), "uco-tool:Tool", uco_core__name="EvidenceVault", uco_tool__version=__version__
        )

    def identity(self, key: str, said: str, name: str = "") -> str:
        """Who acted, by the id of the signing key (hex); ``name`` only where names may be told."""
        told = self.id("identity", key)
        return self.add(told, "uco-identity:Identity", uco_core__name=name, uco_core__description=said)

    def original(self, exhibit: str, one: File | None, said: str = "") -> str:
        """An exhibit as it came in: a file, or (None) something of which only ``said`` may be told, or no file."""
        told = self.id("original", exhibit)
        if one is not None:
            return self._file(told, one)
        return self.add(told, "uco-observable:ObservableObject", uco_core__description=said)

    def copy_of(self, number: str, one: File) -> str:
        """The copy that was approved, before the pages of document ``number`` were numbered."""
        return self._file(self.id("copy", number), one)

    def document_of(self, number: str, one: File) -> str:
        """A delivered file by its document number."""
        return self._file(self.id("document", number), one)

    def _file(self, told: str, one: File) -> str:
        # A facet belongs to one object (a shape of UCO): two files with the same bytes share their hash, no facet.
        hashed = self.add(
            self.id("hash", one.sha256),
            "uco-types:Hash",
            uco_types__hashMethod="SHA256",
            uco_types__hashValue=typed("xsd:hexBinary", one.sha256.upper()),
        )
        content = self.add(
            self.id("content-data-facet", told),
            "uco-observable:ContentDataFacet",
            uco_observable__hash=refers(hashed),
            uco_observable__sizeInBytes=one.size,
            uco_observable__mimeType=one.media_type,
        )
        facets = [content]
        if one.path:
            named = self.add(
                self.id("file-facet", told, one.path),
                "uco-observable:FileFacet",
                uco_observable__fileName=one.path.rpartition("/")[2],
                uco_observable__filePath=one.path,
                uco_observable__sizeInBytes=one.size,
            )
            facets.append(named)
        return self.add(told, "uco-observable:File", uco_core__hasFacet=listed(facets))

    def provenance(self, exhibit: str, objects: Iterable[str], said: Iterable[str] = (), name: str = "") -> str:
        """The provenance record of one exhibit: the original, what was made from it, and its gaps (``said``)."""
        return self.add(
            self.id("provenance-record", exhibit),
            "case-investigation:ProvenanceRecord",
            uco_core__name=name,
            uco_core__description=list(said),
            case_investigation__exhibitNumber=exhibit,
            uco_core__object=listed(objects),
        )

    def authorization(self, number: object, legal_basis: str, purpose: str, start: str) -> str:
        """On which legal basis something left the house."""
        return self.add(
            self.id("authorization", number),
            "case-investigation:Authorization",
            uco_core__description=purpose,
            case_investigation__authorizationType="legal basis",
            case_investigation__authorizationIdentifier=legal_basis,
            uco_core__startTime=time(start),
        )

    def action(
        self,
        number: object,
        name: str,
        at: str,
        performer: str,
        *,
        objects: Iterable[str] = (),
        results: Iterable[str] = (),
        said: Iterable[str] = (),
        informed_by: Iterable[str] = (),
    ) -> str:
        """Something done at a moment (start and end are the same), with this program as its instrument."""
        return self.add(
            self.id("action", number),
            "case-investigation:InvestigativeAction",
            uco_core__name=name,
            uco_core__description=list(said),
            uco_action__startTime=time(at),
            uco_action__endTime=time(at),
            uco_action__performer=refers(performer),
            uco_action__instrument=refers(self.tool()),
            uco_action__object=listed(objects),
            uco_action__result=listed(results),
            case_investigation__wasInformedBy=listed(informed_by),
        )

    def document(self, reference: str, said: Iterable[str], authorizations: Sequence[str]) -> bytes:
        """The whole document, UTF-8: the investigation holds every node that is an object of its own."""
        holds = [one for one, node in self._nodes.items() if not str(node["@type"]).endswith(("Facet", ":Hash"))]
        self.add(
            self.id("investigation"),
            "case-investigation:Investigation",
            uco_core__name=reference,
            uco_core__description=list(said),
            case_investigation__relevantAuthorization=listed(authorizations),
            uco_core__object=listed(holds),
        )
        graph: list[Json] = [self._nodes[one] for one in sorted(self._nodes)]
        document: Node = {"@context": CONTEXT, "@graph": graph}
        return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def typed(kind: str, value: str) -> Node:
    """A literal with its datatype."""
    return {"@type": kind, "@value": value}


def time(at: str) -> Node:
    """An RFC 3339 time as xsd:dateTime."""
    return typed("xsd:dateTime", at)


def refers(node_id: str) -> Node:
    """A reference to a node."""
    return {"@id": node_id}


def listed(ids: Iterable[str]) -> list[Json]:
    """References, each once."""
    return [refers(one) for one in dict.fromkeys(ids)]
