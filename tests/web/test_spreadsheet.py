"""Files for a spreadsheet: nothing in them is taken for a formula."""

from caucusmail.web import spreadsheet


def test_a_cell_that_a_spreadsheet_would_reckon_with_is_text():
    found = spreadsheet.written([["=1+1", "@x", "-5", "Haki, Kenya", 'a "b"']])
    assert found == '\ufeff\'=1+1,\'@x,\'-5,"Haki, Kenya","a ""b"""\r\n'


def test_it_is_a_file_to_keep(app):
    with app.test_request_context():
        answer = spreadsheet.answer([["a"]], "report-7")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report-7.csv"'
