# A program of test/programs that checks itself: program.sh NAME [OPTION...].
source "$(dirname "$0")/support.sh"
boot "${@:2}" "$programs/$1"
expect_all_checks_hold
finish
