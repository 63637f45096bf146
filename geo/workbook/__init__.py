"""Workbooks (XLSX) in which text stays text, written row by row without a library's detours."""

from geo.workbook.writing import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, WIDEST, Sheet, write_workbook

__all__ = ["LONGEST_CELL", "MOST_COLUMNS", "MOST_ROWS", "WIDEST", "Sheet", "write_workbook"]
