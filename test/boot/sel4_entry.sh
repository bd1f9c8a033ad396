# The whole demonstration where the machine begins at EL2, and with the vDSO at another address each
# time.
boot_test=$(dirname "$0")/demonstration.sh
VDSOKIT_OPTIONS=--el2 bash "$boot_test" && VDSOKIT_OPTIONS='--vdso-address random' bash "$boot_test"
