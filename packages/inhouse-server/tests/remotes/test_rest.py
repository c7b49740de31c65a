from inhouse_server.remotes.rest import Rest

HOST, OTHER = ("https", "one.example", None), ("https", "two.example", 8443)


class Ticks:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_host_that_failed_rests_then_one_request_tries_it() -> None:
    ticks = Ticks()
    rest = Rest(5.0, ticks)
    assert rest.may_ask(HOST)
    rest.failed(HOST)
    assert not rest.may_ask(HOST)
    assert rest.may_ask(OTHER)
    ticks.now += 5.0
    assert [rest.may_ask(HOST) for _ in range(3)] == [True, False, False]


def test_a_host_that_answers_is_asked_by_all_again() -> None:
    rest = Rest(5.0, Ticks())
    rest.failed(HOST)
    rest.answered(HOST)
    assert [rest.may_ask(HOST) for _ in range(3)] == [True, True, True]


def test_hosts_that_failed_long_ago_are_forgotten() -> None:
    ticks = Ticks()
    rest = Rest(5.0, ticks)
    rest.failed(HOST)
    ticks.now += 1000.0
    rest.failed(OTHER)
    assert list(rest._until) == [OTHER]
