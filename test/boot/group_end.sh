# The end of a group takes steps in proportion to its members: counted in instructions, not in time.
source "$(dirname "$0")/support.sh"

boot --count-instructions "$programs/group_end"
expect_all_checks_hold
expect_output_line '^group: processes=2000 ns-each=[0-9]+$'

finish
