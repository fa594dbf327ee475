"""Two versions of a card side by side, and a card beside the product card that it adopted."""

from datetime import date

import pytest
from pydantic import ValidationError

from vangrail.cards.adopting import adopt, product_of, put
from vangrail.cards.comparing import differences, inherited, merged
from vangrail.model.card import PRODUCT_FIELDS, Card

PRODUCT = Card.model_validate(
    {
        "vangrail": 1,
        "id": "leesbrief",
        "name": "Leesbrief",
        "summary": "Herschrijft een brief in gewone woorden.",
        "organisation": {"name": "Klaartaal bv"},
        "phase": "operate",
        "people": {"application_owner": {"name": "Verkoper"}},
        "purpose": {"text": "Brieven begrijpelijk maken."},
        "suppliers": [{"name": "Klaartaal bv", "product": "Leesbrief 2", "contract": "met een andere klant"}],
        "models": [{"name": "taal", "version": "2", "source": "endpoint:KLAARTAAL", "dataset": "proef"}],
        "datasets": {"proef": {"source": "data/proef.csv"}},
        "energy": {"pue": 1.2, "uses_per_year": 9000},
        "facts": {"machine_based": True, "affected": "vulnerable"},
    }
)


def adopted(**own):
    """A card of a municipality that began with the product card."""
    content = adopt(product_of(PRODUCT), source="klaartaal/leesbrief", by="Klaartaal bv", on=date(2026, 11, 1))
    own = {"organisation": {"name": "Gemeente"}, "phase": "design"} | own
    return {"vangrail": 1, "id": "brieven", "name": "Brieven"} | content | own


def found(before, after):
    """The differences, as short as they can be written."""
    return [(".".join(d.place), d.change, d.before, d.after) for d in differences(before, after)]


def test_each_field_that_differs_is_named_once():
    before = {"name": "A", "purpose": {"text": "Doel", "public_task": "Taak"}, "sdg": ["sdg-1"]}
    after = {"name": "B", "purpose": {"text": "Doel"}, "sdg": ["sdg-1", "sdg-2"], "summary": "Nieuw"}
    assert found(before, after) == [
        ("name", "changed", "A", "B"),
        ("purpose.public_task", "removed", "Taak", None),
        ("sdg", "changed", ["sdg-1"], ["sdg-1", "sdg-2"]),
        ("summary", "added", None, "Nieuw"),
    ]


def test_an_item_is_followed_by_what_it_is_called_and_not_by_its_place():
    before = {"affected": [{"who": "Inwoners", "how": "wachten"}, {"who": "Personeel"}]}
    after = {"affected": [{"who": "Bezoekers"}, {"who": "Inwoners", "how": "wachten langer"}]}
    assert found(before, after) == [
        ("affected.Bezoekers", "added", None, {"who": "Bezoekers"}),
        ("affected.Inwoners.how", "changed", "wachten", "wachten langer"),
        ("affected.Personeel", "removed", {"who": "Personeel"}, None),
    ]


def test_another_order_is_a_change_and_two_of_the_same_name_go_by_number():
    assert found({"process": [{"step": "a"}, {"step": "b"}]}, {"process": [{"step": "b"}, {"step": "a"}]}) == [
        ("process", "changed", ["a", "b"], ["b", "a"])
    ]
    same = {"affected": [{"who": "x", "how": "1"}, {"who": "x", "how": "2"}]}
    assert found(same, {"affected": [{"who": "x", "how": "1"}, {"who": "x", "how": "3"}]}) == [
        ("affected.2.how", "changed", "2", "3")
    ]


def test_a_part_that_was_empty_shows_what_was_added_to_it():
    after = {"contact": {"ask": "a", "object": "b"}, "process": [{"step": "x"}]}
    added = [
        ("contact.ask", "added", None, "a"),
        ("contact.object", "added", None, "b"),
        ("process.x", "added", None, {"step": "x"}),
    ]
    assert found({}, after) == added
    assert found(after, {}) == [(place, "removed", new, None) for place, _, _, new in added]


def test_two_equal_versions_differ_in_nothing():
    assert found(adopted(), adopted()) == []


def test_a_product_card_says_what_the_product_is_and_nothing_of_its_user():
    product = product_of(PRODUCT)
    assert product == {
        "summary": "Herschrijft een brief in gewone woorden.",
        "suppliers": [{"name": "Klaartaal bv", "product": "Leesbrief 2"}],
        "models": [{"name": "taal", "version": "2"}],
        "energy.pue": 1.2,
        "facts.machine_based": True,
    }
    assert set(product) <= set(PRODUCT_FIELDS)


def test_an_adopted_card_stands_as_it_is_and_knows_where_it_came_from():
    card = Card.model_validate(adopted())
    assert card.adopted_from is not None and card.adopted_from.source == "klaartaal/leesbrief"
    assert card.energy.pue == 1.2 and card.purpose.text is None and not card.people


def test_what_the_product_card_says_cannot_be_changed_in_silence():
    with pytest.raises(ValidationError, match=r"'energy\.pue' is not what the product card says"):
        Card.model_validate(adopted(energy={"pue": 1.1}))
    content = adopted(energy={"pue": 1.1})
    content["adopted_from"]["departures"] = [{"field": "energy.pue", "because": "Wij draaien het in ons eigen gebouw."}]
    Card.model_validate(content)
    (row,) = [i for i in inherited(content) if i.departs]
    assert (row.field, row.stated, row.held) == ("energy.pue", 1.2, 1.1) and "eigen gebouw" in str(row.because)


def test_more_may_be_added_to_what_the_product_card_says():
    """The contract of one's own, where the model stands here, and a second supplier."""
    content = adopted(
        suppliers=[{"name": "Klaartaal bv", "product": "Leesbrief 2", "contract": "van ons"}, {"name": "Installateur"}],
        models=[{"name": "taal", "version": "2", "source": "endpoint:BRIEF"}],
    )
    assert not any(i.departs for i in inherited(Card.model_validate(content).model_dump(mode="json")))


@pytest.mark.parametrize(
    ("states", "departures", "message"),
    [
        ({"purpose": {"text": "x"}}, [], "belongs to a use"),
        ({}, [{"field": "summary", "because": "x"}], "says nothing"),
    ],
)
def test_a_product_card_is_about_the_product_only(states, departures, message):
    content = adopted()
    content["adopted_from"] |= {"states": states, "departures": departures}
    with pytest.raises(ValidationError, match=message):
        Card.model_validate(content)


def test_putting_nothing_takes_away_what_is_empty_by_then():
    content = {"purpose": {"text": "x"}, "name": "y"}
    put(content, "purpose.text", "")
    put(content, "data_access.possible", False)
    assert content == {"name": "y", "data_access": {"possible": False}}


def test_two_people_who_change_different_fields_both_get_their_way():
    base = {"name": "A", "purpose": {"text": "x", "public_task": "t"}, "affected": [{"who": "1"}]}
    mine = {"name": "A", "purpose": {"text": "y", "public_task": "t"}, "affected": [{"who": "1"}, {"who": "2"}]}
    theirs = {"name": "B", "purpose": {"text": "x"}, "affected": [{"who": "1"}]}
    found = merged(base, mine, theirs)
    assert found.content == {"name": "B", "purpose": {"text": "y"}, "affected": [{"who": "1"}, {"who": "2"}]}
    assert found.clashes == ()


def test_a_field_that_both_changed_is_named():
    found = merged({"name": "A"}, {"name": "B"}, {"name": "C", "summary": "s"})
    assert found.content == {"name": "B", "summary": "s"} and found.clashes == ("name",)
    assert merged({"name": "A"}, {"name": "B"}, {"name": "B"}).clashes == ()


def test_what_i_took_away_stays_away():
    assert merged({"summary": "s", "name": "A"}, {"name": "A"}, {"summary": "s", "name": "A"}).content == {"name": "A"}
