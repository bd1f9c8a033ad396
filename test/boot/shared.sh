# A thousand processes at once hold the same two frames of the image.
source "$(dirname "$0")/support.sh"

boot --stats "$programs/vdso_shared"
expect_all_checks_hold
expect_output_line '^frames: each=[0-9]+ lost=(0|-[0-9]+)$'
expect_error_line "^host: $loaded vdso-maps=1002 bytes-copied-at-exec=0$"

finish
