"""Excel and text sheets in and out: what villages really have becomes typed rows and a list of problems.

``reading.read_sheet`` reads, ``reasons.write_reasons`` writes the copy with a reason column and
``template.write_template`` an empty sheet to fill in. Nothing here knows the store: the domain turns rows into facts.
"""
