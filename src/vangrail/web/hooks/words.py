"""The words of events and of what came of sending them."""

from collections.abc import Mapping

from vangrail.model.framework import Text, both
from vangrail.model.vocabulary import DeliveryOutcome, HookEvent

EVENTS: Mapping[HookEvent, Text] = {
    HookEvent.EVIDENCE_STALE: both(
        nl="Bewijs is verouderd: de data, het model of de regels veranderden, of er ging tijd voorbij",
        en="Evidence went stale: data, model or rules changed, or time passed",
    ),
    HookEvent.GATE_DECIDED: both(nl="Iemand besliste aan een poort", en="Somebody decided at a gate"),
    HookEvent.CASE_OPENED: both(
        nl="Er kwam een vraag, een bezwaar of een klacht", en="A question, an objection or a complaint came in"
    ),
    HookEvent.PUBLISHED: both(nl="Er werd iets openbaar", en="Something became public"),
    HookEvent.WITHDRAWN: both(nl="Er werd iets ingetrokken", en="Something was withdrawn"),
    HookEvent.TEST: both(nl="Een proefbericht", en="A try-out"),
}
OUTCOMES: Mapping[DeliveryOutcome, Text] = {
    DeliveryOutcome.ARRIVED: both(nl="aangekomen", en="arrived"),
    DeliveryOutcome.REFUSED: both(nl="geweigerd", en="refused"),
    DeliveryOutcome.FAILED: both(nl="de ontvanger kon het niet aannemen", en="the receiver could not take it"),
    DeliveryOutcome.UNREACHABLE: both(nl="niet bereikbaar", en="cannot be reached"),
    DeliveryOutcome.LATE: both(nl="geen antwoord binnen 10 seconden", en="no answer within 10 seconds"),
    DeliveryOutcome.NOT_ALLOWED: both(
        nl="niet toegelaten: het adres leidt naar een netwerk van binnen",
        en="not allowed: the address leads into a network inside",
    ),
}
