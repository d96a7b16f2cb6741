from portavoce.web.live.messages import event


def test_every_line_of_a_message_is_data_of_one_event() -> None:
    assert event("<p>\r\n</p>\rx", "queue") == b"event: queue\ndata: <p>\ndata: </p>\ndata: x\n\n"


def test_a_fragment_has_no_name() -> None:
    assert event("<p></p>") == b"data: <p></p>\n\n"
