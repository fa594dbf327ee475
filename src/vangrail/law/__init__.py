"""The law as code: facts in, findings with articles, days and certainty out.

Each rule is a function beside its article and each has a permanent id; what a lawyer may correct (questions, texts,
days, fines, authorities) is YAML in `knowledge/law/`. A classification is a proposal: a named person confirms it.
"""

from vangrail.law.calendar import Entry, calendar, calendar_of_organisation, icalendar
from vangrail.law.classification import Classification, Conclusion, Flip, classify
from vangrail.law.duties import Duty
from vangrail.law.facts import Facts, FactsRefused, plain_facts
from vangrail.law.forms import FilledForm, card_texts, fill, form_card_fields, form_ids, forms_needed, render
from vangrail.law.incidents import Incident, Term, consequences, term_titles, terms
from vangrail.law.interview import Interview, read_answer
from vangrail.law.knowledge import LawKnowledge, Question, Rule, law_knowledge, questions
from vangrail.law.logic import Element, Finding, Truth
from vangrail.law.reading import parse_facts
from vangrail.law.texts import article_text, element_text, outcome_text, rule_title, value_text, word
from vangrail.law.verdict import TOPICS, Judgement, verdict

__all__ = [
    "TOPICS",
    "Classification",
    "Conclusion",
    "Duty",
    "Element",
    "Entry",
    "Facts",
    "FactsRefused",
    "FilledForm",
    "Finding",
    "Flip",
    "Incident",
    "Interview",
    "Judgement",
    "LawKnowledge",
    "Question",
    "Rule",
    "Term",
    "Truth",
    "article_text",
    "calendar",
    "calendar_of_organisation",
    "card_texts",
    "classify",
    "consequences",
    "element_text",
    "fill",
    "form_card_fields",
    "form_ids",
    "forms_needed",
    "icalendar",
    "law_knowledge",
    "outcome_text",
    "parse_facts",
    "plain_facts",
    "questions",
    "read_answer",
    "render",
    "rule_title",
    "term_titles",
    "terms",
    "value_text",
    "verdict",
    "word",
]
