# SPDX-License-Identifier: BSD-2-Clause
# kit is compiled into each user with that user's CPU folder and flags, so it is a list of sources.
file(GLOB VDSOKIT_KIT_SOURCES CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/kit/*.cc" "${PROJECT_SOURCE_DIR}/kit/*/*.cc")
