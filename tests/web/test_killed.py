"""Kill -9 while people write: what was acknowledged is there, once. Longer, by hand: `python benchmarks/killed.py --rounds 50`."""

import killed


def test_nothing_acknowledged_is_lost_or_doubled_when_it_is_killed(tmp_path):
    there, wrong = killed.run(tmp_path, rounds=("the process that answers", "the worker", "everything"), clients=4)
    assert not wrong
    assert there.cut_off, "nobody was in the middle of something: the test shows nothing"
    assert {"answer", "comment", "decision", "draft", "measure"} == set(there.acknowledged)
    assert not [status for status in there.refused if status >= 500]
    there.acknowledged["answer"].append("weg")
    assert there.inside("look", there.tried, there.acknowledged) == ["answer lost: weg"], "it sees what is lost"
