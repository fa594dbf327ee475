"""Every closed list of words, once. The Dutch term beside each is in `knowledge/glossary.yaml`."""

from enum import StrEnum


class Language(StrEnum):
    """A language of the screens: Dutch is authored first."""

    NL = "nl"
    EN = "en"


class Phase(StrEnum):
    """A phase of the life cycle (levenscyclus), in order; between two stands a gate."""

    IDEA = "idea"
    DESIGN = "design"
    BUILD = "build"
    VALIDATE = "validate"
    OPERATE = "operate"
    RETIRE = "retire"

    @property
    def number(self) -> int:
        """Its place in the order, from 0."""
        return list(Phase).index(self)

    @property
    def next(self) -> "Phase | None":
        """The phase behind the gate that closes this one; none after the last."""
        phases = list(Phase)
        return phases[self.number + 1] if self.number + 1 < len(phases) else None


class Verdict(StrEnum):
    """What is known about a requirement on a day. Ordered from worst to best by `worst`."""

    NOT_MET = "not_met"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    PARTLY = "partly"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"

    @staticmethod
    def worst(verdicts: "list[Verdict]") -> "Verdict":
        """The least favourable of several; what is not applicable only counts when nothing else is there."""
        if not verdicts:
            return Verdict.UNKNOWN
        return min(verdicts, key=list(Verdict).index)


class AnswerValue(StrEnum):
    """What a named person can answer; never a bare tick, always with reasons."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Role(StrEnum):
    """Who can hold a task around an application."""

    APPLICATION_OWNER = "application_owner"
    DECIDER = "decider"
    DPO = "dpo"
    SECURITY_OFFICER = "security_officer"
    AI_OFFICER = "ai_officer"
    OVERSEER = "overseer"
    DATA_STEWARD = "data_steward"
    DATA_SCIENTIST = "data_scientist"
    COMMUNICATION = "communication"
    HR = "hr"
    SUPPLIER = "supplier"


class MemberRole(StrEnum):
    """What a person of an organisation is, on the site. Who may do what as which is in `web/organisations/rights.py`."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    APPLICATION_OWNER = "application_owner"
    DECIDER = "decider"
    DPO = "dpo"
    SECURITY_OFFICER = "security_officer"
    AI_OFFICER = "ai_officer"
    COMMUNICATION = "communication"
    HR = "hr"
    ADMINISTRATOR = "administrator"


class RecordKind(StrEnum):
    """Something that happened around an application and was written down when it did."""

    CONSULTATION = "consultation"
    TRAINING = "training"
    STOP_DRILL = "stop_drill"
    OBJECTION = "objection"
    INCIDENT = "incident"
    INCIDENT_REVIEW = "incident_review"
    SURVEY = "survey"
    HELP_REQUEST = "help_request"
    DATA_FINDING = "data_finding"
    MONITORING = "monitoring"
    PUBLICATION = "publication"
    SUPPLIER_QUESTIONNAIRE = "supplier_questionnaire"
    ENERGY_FEEDBACK = "energy_feedback"


class ObjectionResult(StrEnum):
    """What came of an objection."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class CaseKind(StrEnum):
    """What somebody from outside comes with, about an application."""

    QUESTION = "question"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


class CaseState(StrEnum):
    """Where a question, an objection or a complaint stands."""

    OPEN = "open"
    UNDER_REVIEW = "under_review"
    CLOSED = "closed"


class CaseResult(StrEnum):
    """What came of it."""

    ANSWERED = "answered"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SET_ASIDE = "set_aside"


class SurveyKind(StrEnum):
    """What a survey is about: work, before and after the start, or questions of one's own."""

    OWN = "own"
    WORK_BEFORE = "work_before"
    WORK_AFTER = "work_after"


class QuestionKind(StrEnum):
    """How a question of a survey is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class Severity(StrEnum):
    """How bad an incident is, as whoever handles it sees it. What the law calls serious follows from the consequences."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class Consequence(StrEnum):
    """What makes an incident serious in the sense of the AI Act (Article 3(49))."""

    DEATH = "death"
    HEALTH = "health"
    INFRASTRUCTURE = "infrastructure"
    FUNDAMENTAL_RIGHTS = "fundamental_rights"
    PROPERTY_ENVIRONMENT = "property_environment"


class BreachRisk(StrEnum):
    """What a breach of personal data can mean for the people concerned (GDPR Articles 33 and 34)."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"


class ProcessActor(StrEnum):
    """Who does a step of the process (hum-1)."""

    HUMAN = "human"
    AI_ADVISES = "ai_advises"
    AI_ACTS_HUMAN_CHECKS = "ai_acts_human_checks"
    AI_ACTS = "ai_acts"


class OrganisationKind(StrEnum):
    """What kind of body uses the application."""

    MUNICIPALITY = "municipality"
    OCMW = "ocmw"
    PROVINCE = "province"
    FLEMISH_ENTITY = "flemish_entity"
    INTERMUNICIPAL = "intermunicipal"
    OTHER = "other"


class ColumnType(StrEnum):
    """What the values of a column are declared to be."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


class Unit(StrEnum):
    """What a figure counts in."""

    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage points"
    RATIO = "ratio"
    COEFFICIENT = "coefficient"
    DAYS = "days"
    COUNT = "count"
    WATT_HOURS = "Wh"
    KILOWATT_HOURS = "kWh"
    KILOGRAMS_CO2E = "kg CO2e"
    LITRES = "litres"
    COLUMN = "unit of the column"


class SmallChange(StrEnum):
    """A kind of change in an input that may make no difference."""

    TYPO = "typo"
    CASE = "case"
    SPACE = "space"
    MISSING = "missing"
    NOISE = "noise"
    ORDER = "order"
    IRRELEVANT = "irrelevant"


class MisuseKind(StrEnum):
    """A way in which somebody can try to make a language model do what it should not."""

    INJECTION = "injection"
    INDIRECT_INJECTION = "indirect_injection"
    INSTRUCTION_LEAK = "instruction_leak"
    PERSONAL_DATA = "personal_data"
    JAILBREAK = "jailbreak"
    OFF_PURPOSE = "off_purpose"


class IdentifierKind(StrEnum):
    """What can be found in a text that points to a person or an organisation."""

    NATIONAL_NUMBER = "national_number"
    IBAN = "iban"
    ENTERPRISE_NUMBER = "enterprise_number"
    STRUCTURED_COMMUNICATION = "structured_communication"
    EMAIL = "email"
    PHONE = "phone"
    LICENCE_PLATE = "licence_plate"
    IP_ADDRESS = "ip_address"
    ADDRESS = "address"
    NAME = "name"
    BIRTH_DATE = "birth_date"


class GateOutcome(StrEnum):
    """What a named person can decide at a gate."""

    OPENED = "opened"
    REFUSED = "refused"


class LeafKind(StrEnum):
    """What a leaf of the ledger says has happened."""

    CARD_DECLARED = "card_declared"
    CLASSIFIED = "classified"
    EVIDENCE_MEASURED = "evidence_measured"
    ANSWER_GIVEN = "answer_given"
    RECORD_ADDED = "record_added"
    GATE_DECIDED = "gate_decided"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    OBJECTION = "objection"
    SUPPLIER = "supplier"
    STOPPED = "stopped"
    WATCHED = "watched"
    ERASED = "erased"


class AlertKind(StrEnum):
    """What a scheduled run tells about a requirement, or about an application."""

    WORSE = "worse"
    STALE = "stale"
    BETTER = "better"
    MEASURED_AGAIN = "measured_again"
    FAILED = "failed"
    WORKS_AGAIN = "works_again"


class DeliveryOutcome(StrEnum):
    """What came of a try to post a message to an address on the web."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    LATE = "late"
    NOT_ALLOWED = "not_allowed"


class HookEvent(StrEnum):
    """What a site tells an address that an administrator registered."""

    EVIDENCE_STALE = "evidence.stale"
    GATE_DECIDED = "gate.decided"
    CASE_OPENED = "case.opened"
    PUBLISHED = "application.published"
    WITHDRAWN = "application.withdrawn"
    TEST = "test"


class StreamEvent(StrEnum):
    """What happened to a public page, for whoever follows the register."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class LedgerProblem(StrEnum):
    """What can be wrong with a ledger, its export or a proof; in words in `ledger/report.py`."""

    HEADER = "header"
    KEY = "key"
    CHECKPOINT_FORM = "checkpoint_form"
    SIGNATURE = "signature"
    LINE_FORM = "line_form"
    LEAF_FORM = "leaf_form"
    LEAF_HASH = "leaf_hash"
    ORDER = "order"
    SIZE = "size"
    ROOT = "root"
    KNOWN_SIGNATURE = "known_signature"
    TRUNCATED = "truncated"
    FORKED = "forked"
    PROOF_FORM = "proof_form"
    PROOF = "proof"
    NODE = "node"
    PRIVATE_CHANGED = "private_changed"
    PRIVATE_MISSING = "private_missing"
    DATABASE = "database"
    TOO_MANY = "too_many"
