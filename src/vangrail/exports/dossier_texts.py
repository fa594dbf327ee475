"""The fixed texts of the dossier, in plain Dutch (B1) and in English. Words for codes come from the glossary instead."""

from vangrail.model.framework import Text, both

TEXTS: dict[str, Text] = {
    "kicker": both(nl="Dossier van een AI-toepassing", en="Dossier of an AI application"),
    "skip": both(nl="Naar de inhoud", en="Skip to content"),
    "contents": both(nl="Inhoud", en="Contents"),
    "body": both(nl="Bestuur", en="Organisation"),
    "phase": both(nl="Fase", en="Phase"),
    "day": both(nl="Stand op", en="As it stood on"),
    "owner": both(nl="Verantwoordelijke", en="Application owner"),
    "not_stated": both(nl="niet opgegeven op de kaart", en="not stated on the card"),
    "summary": both(nl="Samenvatting", en="Summary"),
    "what_it_does": both(nl="Wat de toepassing doet", en="What the application does"),
    "nothing_said": both(
        nl="De kaart zegt niet wat de toepassing doet.", en="The card does not say what the application does."
    ),
    "verdicts": both(nl="Hoe het ervoor staat", en="How it stands"),
    "asked_of": both(
        nl="In deze fase worden {asked} van de {total} eisen gevraagd. Een totaalscore is er niet: een ernstig gebrek"
        " valt niet weg tegen veel wat goed is. Onbekend telt nooit als voldaan.",
        en="In this phase {asked} of the {total} requirements are asked. There is no total score: a serious defect is not"
        " made up for by much that is good. Unknown never counts as met.",
    ),
    "per_principle": both(
        nl="Aantal eisen per principe en oordeel", en="Number of requirements per principle and verdict"
    ),
    "principle": both(nl="Principe", en="Principle"),
    "not_met_first": both(nl="Wat niet voldaan is", en="What is not met"),
    "none_not_met": both(
        nl="Geen enkele eis kreeg het oordeel 'niet voldaan'.", en="No requirement has the verdict 'not met'."
    ),
    "still_open": both(nl="Wat nog niet vaststaat", en="What is not settled yet"),
    "none_open": both(nl="Alles wat gevraagd is, staat vast.", en="All that is asked is settled."),
    "requirements_number": both(nl="{n} eisen", en="{n} requirements"),
    "requirements_one": both(nl="1 eis", en="1 requirement"),
    "gate": both(nl="Wat de volgende poort nog nodig heeft", en="What the next gate still lacks"),
    "gate_opened_by": both(
        nl="Een persoon met naam beslist, met redenen: {who}. De oordelen informeren, ze beslissen niet.",
        en="A named person decides, with reasons: {who}. The verdicts inform; they do not decide.",
    ),
    "gate_advice": both(nl="Vooraf gevraagd om advies: {who}.", en="Asked for advice first: {who}."),
    "gate_nothing": both(nl="Er ontbreekt niets meer.", en="Nothing is lacking any more."),
    "gate_none": both(
        nl="Dit is de laatste fase: er volgt geen poort meer.", en="This is the last phase: no gate follows."
    ),
    "who_supplies": both(nl="Per persoon die het kan aanleveren:", en="By who can supply it:"),
    "anyone": both(nl="nog niet toegewezen", en="not assigned yet"),
    "lacks_open": both(nl="toon wat ontbreekt ({n})", en="show what is lacking ({n})"),
    "or_else": both(nl="Kan ook: {who}.", en="Also possible: {who}."),
    "or": both(nl="of", en="or"),
    "telling": both(nl="De cijfers die het meest zeggen", en="The figures that say most"),
    "telling_none": both(
        nl="Er is niets gemeten. De oordelen steunen op antwoorden, de kaart en wat vastgelegd is.",
        en="Nothing was measured. The verdicts rest on answers, the card and what was recorded.",
    ),
    "data": both(nl="Welke gegevens gelezen zijn", en="Which data were read"),
    "data_none": both(
        nl="Er zijn geen gegevens gelezen voor deze beoordeling.", en="No data were read for this assessment."
    ),
    "no_access": both(nl="Waarom: {why}", en="Why: {why}"),
    "datasets_caption": both(nl="Datasets die gelezen zijn", en="Data sets that were read"),
    "dataset": both(nl="Dataset", en="Data set"),
    "rows": both(nl="Rijen", en="Rows"),
    "number": both(nl="Aantal", en="Number"),
    "out_of": both(nl="Op een totaal van", en="Out of"),
    "columns": both(nl="Kolommen", en="Columns"),
    "fingerprint": both(nl="Vingerafdruk", en="Fingerprint"),
    "assumed_in": both(nl="{name}: wat we bij het lezen aannamen", en="{name}: what was assumed while reading"),
    "none_asked": both(
        nl="Van dit principe wordt in deze fase nog niets gevraagd.",
        en="Nothing of this principle is asked in this phase yet.",
    ),
    "later": both(nl="Later gevraagd ({n})", en="Asked later ({n})"),
    "later_from": both(nl="vanaf de fase {phase}", en="from the phase {phase}"),
    "why_asked": both(
        nl="Waarom we dit vragen, en wat een goed antwoord is", en="Why this is asked, and what a good answer is"
    ),
    "why": both(nl="Waarom we dit vragen", en="Why this is asked"),
    "good": both(nl="Wat een goed antwoord is", en="What a good answer looks like"),
    "source": both(nl="Bron", en="Source"),
    "condition": both(nl="Voorwaarde", en="Condition"),
    "facts_caption": both(nl="Het cijfer en de grens", en="The figure and the limit"),
    "figure": both(nl="Cijfer", en="Figure"),
    "interval": both(nl="Interval", en="Interval"),
    "interval_at": both(nl="Interval ({percent})", en="Interval ({percent})"),
    "no_interval": both(nl="geen: geschat of opgegeven zonder interval", en="none: estimated or stated without one"),
    "counted_all": both(nl="geen: elke rij is geteld", en="none: every row was counted"),
    "limit": both(nl="Grens", en="Limit"),
    "limit_word": both(nl="grens", en="limit"),
    "no_limit": both(nl="niet gekozen", en="not chosen"),
    "limit_why": both(nl="Reden van de grens", en="Reason for the limit"),
    "limit_by": both(nl="Gekozen door", en="Chosen by"),
    "chosen": both(nl="{by}, op {on}", en="{by}, on {on}"),
    "default_limit": both(nl="startwaarde van Vangrail", en="default of Vangrail"),
    "measured_on": both(nl="Gemeten op {on}, {place}.", en="Measured on {on}, {place}."),
    "valid_until": both(nl="Geldig tot {on}.", en="Valid until {on}."),
    "more_past": both(nl="En nog {n} cijfers voorbij hun grens.", en="And {n} more figures past their limit."),
    "chart_differences": both(
        nl="Verschil met de referentiegroep, met interval ({unit})",
        en="Difference with the reference group, with interval ({unit})",
    ),
    "chart_ratios": both(
        nl="Verhouding tot de referentiegroep, met interval", en="Ratio to the reference group, with interval"
    ),
    "chart_gaps": both(nl="Verschil, met interval ({unit})", en="Difference, with interval ({unit})"),
    "chart_own": both(nl="Cijfer per groep, met interval ({unit})", en="Figure per group, with interval ({unit})"),
    "chart_figure": both(nl="Het cijfer tegenover de grens", en="The figure against the limit"),
    "chart_first": both(
        nl="De eerste {n} groepen. Alle groepen staan in de tabel.",
        en="The first {n} groups. All groups are in the table.",
    ),
    "chart_newest": both(
        nl="De laatste {n} maanden. Alle maanden staan in de tabel.",
        en="The last {n} months. All months are in the table.",
    ),
    "chart_most_different": both(
        nl="De {n} groepen die het meest verschillen. Alle groepen staan in de tabel.",
        en="The {n} groups that differ most. All groups are in the table.",
    ),
    "legend_within": both(nl="binnen de grens", en="within the limit"),
    "legend_straddles": both(nl="aan beide kanten van de grens", en="on both sides of the limit"),
    "legend_beyond": both(nl="voorbij de grens", en="beyond the limit"),
    "reference_word": both(nl="referentie", en="reference"),
    "groups_caption": both(nl="{what}: per groep", en="{what}: by group"),
    "groups_more": both(nl="De andere {n} groepen", en="The other {n} groups"),
    "group": both(nl="Groep", en="Group"),
    "own": both(nl="Eigen cijfer", en="Own figure"),
    "difference": both(nl="Verschil", en="Difference"),
    "ratio": both(nl="Verhouding", en="Ratio"),
    "not_shown": both(nl="niet getoond", en="not shown"),
    "small_groups": both(
        nl="Niet meetbaar, en dus niet beoordeeld ({n}): {names}.",
        en="Not measurable, and so not judged ({n}): {names}.",
    ),
    "and_more": both(nl="en nog {n} in de tabel", en="and {n} more in the table"),
    "details_caption": both(nl="{what}: waaruit het cijfer bestaat", en="{what}: what the figure is made of"),
    "details_more": both(nl="De andere {n} regels", en="The other {n} lines"),
    "part": both(nl="Onderdeel", en="Part"),
    "counted": both(nl="Geteld", en="Counted"),
    "quantity": both(nl="Waarde", en="Value"),
    "share": both(nl="Aandeel", en="Share"),
    "note": both(nl="Opmerking", en="Note"),
    "notes": both(nl="Hoe dit cijfer tot stand kwam", en="How this figure came about"),
    "do": both(nl="Te doen", en="To do"),
    "who": both(nl="Wie kan dit oplossen", en="Who can resolve this"),
    "question": both(nl="Vraag", en="Question"),
    "no_reasons": both(nl="Er zijn geen redenen gegeven.", en="No reasons were given."),
    "no_name": both(nl="zonder naam", en="no name given"),
    "on_behalf": both(nl="namens {whom}", en="on behalf of {whom}"),
    "documents": both(nl="Documenten", en="Documents"),
    "recorded_by": both(nl="vastgelegd door {by}", en="recorded by {by}"),
    "took_part": both(nl="{n} deelnemers", en="{n} participants"),
    "records_more": both(nl="Vroeger ({n})", en="Earlier ({n})"),
    "fields": both(nl="Velden op de kaart", en="Fields of the card"),
    "method": both(nl="Hoe de oordelen tot stand komen", en="How the verdicts come about"),
    "method_verdicts": both(nl="De oordelen", en="The verdicts"),
    "method_rules": both(nl="De regels", en="The rules"),
    "method_checks": both(nl="Hoe de cijfers berekend zijn", en="How the figures were computed"),
    "checks_caption": both(
        nl="Formule en bron van elke meting in dit dossier", en="Formula and source of each check in this dossier"
    ),
    "own_check": both(nl="Eigen meting van het bestuur, uit", en="Check of the body's own, from"),
    "check": both(nl="Meting", en="Check"),
    "measures": both(nl="Wat ze meet", en="What it measures"),
    "formula": both(nl="Formule", en="Formula"),
    "words": both(nl="Woorden uit de statistiek", en="Words of statistics"),
    "versions": both(nl="Versies en vingerafdrukken", en="Versions and fingerprints"),
    "versions_lead": both(
        nl="Hiermee kan iemand anders nagaan waarop dit dossier steunt, en of er daarna iets veranderd is.",
        en="With these, someone else can check what this dossier rests on, and whether anything changed since.",
    ),
    "versions_caption": both(nl="Waarop dit dossier steunt", en="What this dossier rests on"),
    "program": both(nl="Programma", en="Program"),
    "made_at": both(nl="Gemaakt op", en="Made on"),
    "framework": both(nl="Eisen (vingerafdruk)", en="Requirements (fingerprint)"),
    "card": both(nl="Kaart (vingerafdruk)", en="Card (fingerprint)"),
    "data_fingerprint": both(nl="Dataset {name}", en="Data set {name}"),
    "file_bytes": both(nl="bestand, SHA-256", en="file, SHA-256"),
    "checkpoint": both(nl="Controlepunt van het logboek", en="Checkpoint of the ledger"),
    "checkpoint_none": both(
        nl="Deze beoordeling staat niet in een logboek, dus niemand kan nagaan of ze daarna veranderd is.",
        en="This assessment is not in a ledger, so nobody can check whether it was changed afterwards.",
    ),
    "table_region": both(
        nl="Tabel, schuif opzij om alles te zien: {what}", en="Table, scroll sideways to see all: {what}"
    ),
    "made_with": both(nl="Gemaakt met {program} op {at}.", en="Made with {program} on {at}."),
    "to_top": both(nl="Terug naar boven", en="Back to top"),
}

RULES: tuple[Text, ...] = (
    both(
        nl="Een eis krijgt het minst gunstige oordeel van al het bewijs dat ze vraagt.",
        en="A requirement gets the least favourable verdict of all the evidence that it asks for.",
    ),
    both(
        nl="Onbekend telt nooit als voldaan. Wat ontbreekt, blijft open tot iemand het aanlevert.",
        en="Unknown never counts as met. What is missing stays open until someone supplies it.",
    ),
    both(
        nl="Een cijfer wordt vergeleken met een grens die vooraf gekozen is. Ligt het interval aan beide kanten van de"
        " grens, dan is er niet genoeg bewijs en is het oordeel 'onbekend'.",
        en="A figure is held against a limit that was chosen beforehand. When its interval lies on both sides of the"
        " limit there is not enough evidence, and the verdict is 'unknown'.",
    ),
    both(
        nl="Een groep met te weinig gevallen is niet meetbaar. Ze staat er altijd bij, nooit als nul. Van minder dan"
        " vijf mensen tonen we geen aantal.",
        en="A group with too few cases is not measurable. It is always listed, never as zero. Of fewer than five people"
        " no number is shown.",
    ),
    both(
        nl="Wie veel groepen vergelijkt, vindt altijd wel een verschil door toeval. Daarom zijn de intervallen van de"
        " verschillen breder gemaakt. Bij elke meting staat hoe.",
        en="Whoever compares many groups always finds some difference by chance. That is why the intervals of the"
        " differences are made wider. Each measurement says how.",
    ),
    both(
        nl="Bewijs vervalt: als de gegevens veranderen, als de termijn om is, en voor antwoorden bij de volgende poort.",
        en="Evidence expires: when the data change, when its term is over, and for answers at the next gate.",
    ),
    both(
        nl="Een antwoord telt alleen met een naam, een rol die past en een reden.",
        en="An answer counts only with a name, a fitting role and a reason.",
    ),
)

STATISTICS = (
    "interval",
    "confidence",
    "limit",
    "default_limit",
    "not_measurable",
    "small_counts",
    "unit.percentage points",
    "unit.ratio",
    "protected_characteristic",
    "reference_group",
    "intersection",
    "multiple_comparisons",
    "selection_rate",
    "false_positive_rate",
    "false_negative_rate",
    "predictive_value",
    "calibration",
    "selective_labels",
    "random_control_sample",
    "base_rate",
    "representativeness",
    "kappa",
)
"""The words of the glossary that a reader of figures needs."""
