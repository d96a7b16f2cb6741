"""Mails of the simulation take the way of every mail."""

from __future__ import annotations

from email import message_from_bytes

from tests.demo.conftest import Simulated


def test_every_mail_lies_raw_where_its_row_says(demo: Simulated) -> None:
    keys = [key for (key,) in demo.rows("SELECT key FROM pv.stored_file")]
    assert len(keys) > 50
    assert [key for key in keys if not (demo.files / key).is_file()] == []


def test_a_raw_mail_names_the_listener_and_the_sender(demo: Simulated) -> None:
    [(key, sender)] = demo.rows(
        "SELECT f.key, e.sender FROM pv.inbound_event e JOIN pv.stored_file f ON f.brand_id = e.brand_id"
        " AND f.id = e.file_id WHERE e.state = 'done' ORDER BY e.id LIMIT 1"
    )
    mail = message_from_bytes((demo.files / key).read_bytes())
    assert sender in mail["From"]
    assert "by portavoce.example with ESMTP" in mail["Received"]


def test_junk_is_in_quarantine_at_every_brand(demo: Simulated) -> None:
    kept = demo.rows("SELECT count(DISTINCT brand_id) FROM pv.inbound_event WHERE state = 'quarantined'")
    assert kept == [(4,)]


def test_customers_come_back_to_their_thread(demo: Simulated) -> None:
    threads = demo.rows(
        "SELECT conversation_id FROM pv.message WHERE direction = 'in' GROUP BY 1 HAVING count(*) > 1"
    )
    reopened = demo.rows("SELECT n FROM pv.ledger_event WHERE kind = 'interaction.reopened'")
    assert threads
    assert reopened


def test_an_answer_is_threaded_under_the_mail_it_answers(demo: Simulated) -> None:
    stray = demo.rows(
        """
        SELECT o.message_id FROM pv.mail o JOIN pv.message m ON m.brand_id = o.brand_id AND m.id = o.message_id
         WHERE m.direction = 'out' AND NOT EXISTS
           (SELECT 1 FROM pv.mail i WHERE i.brand_id = o.brand_id AND i.rfc_id = o.in_reply_to)
        """
    )
    assert stray == []
