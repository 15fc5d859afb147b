"""What a family at a postcode can reach, or why that is not known."""

import pytest

from webmap.places import doorstep


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("XW1 1AA", "XW1 1AA"),
        (" xw11aa ", "XW1 1AA"),
        ("sw1a-2aa", "SW1A 2AA"),
        ("M1 1AE", "M1 1AE"),
        ("XW1", None),
        ("1AA XW1", None),
        ("'; DROP TABLE", None),
        ("", None),
    ],
)
def test_a_postcode_has_one_spelling(written, spelled):
    assert doorstep.spelled(written) == spelled


@pytest.mark.parametrize(
    ("postcode", "sentence"),
    [
        ("XW11AA", "There are 2 nurseries within 15 minutes’ walk. The nearest is Nursery 1, 7"),
        ("XW11AB", "There is no nursery within 15 minutes’ walk. The nearest is Nursery 0, 17"),
        ("XW11AD", "The street map does not reach this postcode, so it is not known"),
        ("XW11AE", "This postcode is no longer in use."),
    ],
)
def test_every_postcode_is_told_what_it_reaches_or_why_that_is_not_known(
    client, postcode, sentence
):
    answer = client.get(f"/postcode/{postcode}")
    assert answer.status_code == 200
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ("", 200, "Enter a postcode."),
        ("nowhere", 200, "“nowhere” is not a whole postcode. Enter one like CH5 1AB."),
        ("<b>", 200, "“&lt;b&gt;” is not a whole postcode."),
        ("ZZ9 9ZZ", 404, "ZZ9 9ZZ is not among the postcodes of Saltmarsh."),
    ],
)
def test_a_mistake_is_answered_beside_the_form(client, given, status, sentence):
    answer = client.get("/postcode", query_string={"postcode": given}, follow_redirects=True)
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
