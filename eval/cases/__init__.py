"""Cases and corpora: questions with the spans that answer them, the documents they are asked of, and their faults."""

from eval.cases.case import Case, CaseError, Span, case_from_json, case_to_json
from eval.cases.check import doubts, faults
from eval.cases.files import check_cases, doubt_cases, load_cases, load_corpus

__all__ = [
    "Case",
    "CaseError",
    "Span",
    "case_from_json",
    "case_to_json",
    "check_cases",
    "doubt_cases",
    "doubts",
    "faults",
    "load_cases",
    "load_corpus",
]
