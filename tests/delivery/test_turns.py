from caucusmail.delivery.turns import Turn


def test_a_turn_that_spoke_to_no_relay_has_nothing_to_say_of_any():
    turn = Turn(3)
    assert (turn, turn.relay, dict(turn.relays)) == (3, None, {})
