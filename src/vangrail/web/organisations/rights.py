"""Who may do what: the one table. A test walks every role over every address with it."""

from enum import StrEnum

from vangrail.model.vocabulary import MemberRole as R


class Act(StrEnum):
    """Something that a member of an organisation can do on the site."""

    READ = "read"
    REGISTER = "register"
    EDIT_CARD = "edit_card"
    CLASSIFY = "classify"
    CONFIRM_CLASSIFICATION = "confirm_classification"
    ANSWER = "answer"
    COMMENT = "comment"
    ASSIGN = "assign"
    MEASURE = "measure"
    ADVISE = "advise"
    DECIDE = "decide"
    STOP = "stop"
    PREPARE_PUBLICATION = "prepare_publication"
    APPROVE_PUBLICATION = "approve_publication"
    SEE_CASES = "see_cases"
    HANDLE_CASES = "handle_cases"
    REVIEW_CASES = "review_cases"
    CONSULT = "consult"
    RECORD_EVENT = "record_event"
    RECORD_INCIDENT = "record_incident"
    HANDLE_INCIDENT = "handle_incident"
    INVITE_SUPPLIER = "invite_supplier"
    SURVEY_STAFF = "survey_staff"
    ADMINISTER = "administer"


_OWNERS = frozenset({R.APPLICATION_OWNER})
_ADVISERS = frozenset({R.DPO, R.SECURITY_OFFICER, R.AI_OFFICER})
_WORKERS = _OWNERS | _ADVISERS | {R.CONTRIBUTOR}

RIGHTS: dict[Act, frozenset[R]] = {
    Act.READ: frozenset(R),
    Act.REGISTER: _WORKERS,
    Act.EDIT_CARD: _OWNERS | {R.CONTRIBUTOR},
    Act.CLASSIFY: _WORKERS,
    Act.CONFIRM_CLASSIFICATION: _OWNERS | {R.AI_OFFICER, R.DPO, R.DECIDER},
    Act.ANSWER: _WORKERS | {R.HR, R.COMMUNICATION},
    Act.COMMENT: frozenset(R) - {R.READER},
    Act.ASSIGN: _OWNERS | _ADVISERS,
    Act.MEASURE: _OWNERS | {R.CONTRIBUTOR},
    Act.ADVISE: _WORKERS | {R.HR, R.COMMUNICATION},  # in the roles that the gate asks; the card names some of them
    Act.DECIDE: frozenset({R.DECIDER, R.APPLICATION_OWNER}),
    Act.STOP: _OWNERS | _ADVISERS | {R.DECIDER},
    Act.PREPARE_PUBLICATION: _OWNERS | {R.COMMUNICATION},
    Act.APPROVE_PUBLICATION: frozenset({R.COMMUNICATION, R.DECIDER}),
    Act.SEE_CASES: _OWNERS | _ADVISERS | {R.COMMUNICATION, R.DECIDER},
    Act.HANDLE_CASES: _OWNERS | {R.COMMUNICATION},
    Act.REVIEW_CASES: _ADVISERS | {R.DECIDER},
    Act.CONSULT: _OWNERS | {R.COMMUNICATION},
    Act.RECORD_EVENT: frozenset(R) - {R.READER},
    Act.RECORD_INCIDENT: frozenset(R) - {R.READER},
    Act.HANDLE_INCIDENT: _OWNERS | _ADVISERS,
    Act.INVITE_SUPPLIER: _OWNERS | {R.CONTRIBUTOR},
    Act.SURVEY_STAFF: frozenset({R.HR}),
    Act.ADMINISTER: frozenset({R.ADMINISTRATOR}),
}

WITH_SECOND_FACTOR = frozenset({Act.ADMINISTER, Act.DECIDE})
"""What a password alone is not enough for: who may do what, and opening a gate."""


def may(roles: frozenset[R], act: Act) -> bool:
    """Whether someone with these roles may do this."""
    return bool(roles & RIGHTS[act])
