"""Cases and corpora: questions with the spans that answer them, the documents they are asked of, and their faults."""

from eval.cases.case import Case, CaseError, Span, case_from_json, case_to_json
from eval.cases.check import faults, unknown_document
from eval.cases.files import check_cases, load_cases, load_corpus
from eval.cases.form import CASE
from eval.cases.words import plain_words, without_articles

__all__ = [
    "CASE",
    "Case",
    "CaseError",
    "Span",
    "case_from_json",
    "case_to_json",
    "check_cases",
    "faults",
    "load_cases",
    "load_corpus",
    "plain_words",
    "unknown_document",
    "without_articles",
]
