// SPDX-License-Identifier: BSD-2-Clause
// The checks behind image_rules, one function a rule, named like it. Only image_rules.cc calls
// them; a check may rely on what the rules in front of it in that table established, and says
// `unreached` where that is missing.
#pragma once

#include "kit/image/image_rules.h"

namespace vdsokit::kit::check {

// checks_header.cc
Finding header_complete(ImageView const& image);
Finding elf_magic(ImageView const& image);
Finding elf_class(ImageView const& image);
Finding little_endian(ImageView const& image);
Finding elf_version(ImageView const& image);
Finding os_abi(ImageView const& image);
Finding shared_object(ImageView const& image);
Finding host_machine(ImageView const& image);
Finding known_machine(ImageView const& image);
Finding elf_flags(ImageView const& image);
Finding program_headers(ImageView const& image);
Finding section_headers(ImageView const& image);

// checks_segments.cc
Finding one_load(ImageView const& image);
Finding load_before_dynamic(ImageView const& image);
Finding load_placed(ImageView const& image);
Finding load_in_file(ImageView const& image);
Finding load_whole(ImageView const& image);
Finding load_rights(ImageView const& image);
Finding no_writable_segment(ImageView const& image);
Finding segments_loaded(ImageView const& image);
Finding one_dynamic(ImageView const& image);
Finding no_tls(ImageView const& image);
Finding notes(ImageView const& image);

// checks_dynamic.cc
Finding dynamic_table(ImageView const& image);
Finding dynamic_once(ImageView const& image);
Finding dynamic_strings(ImageView const& image);
Finding soname(ImageView const& image);
Finding no_relocations(ImageView const& image);
Finding no_needed(ImageView const& image);
Finding no_initialisers(ImageView const& image);

// checks_symbols.cc
Finding hash_table(ImageView const& image);
Finding sysv_hash(ImageView const& image);
Finding gnu_hash(ImageView const& image);
Finding symbol_table(ImageView const& image);
Finding symbol_names(ImageView const& image);
Finding no_undefined(ImageView const& image);
Finding exports_loaded(ImageView const& image);
Finding sysv_hash_finds(ImageView const& image);
Finding gnu_hash_finds(ImageView const& image);

// checks_versions.cc
Finding version_tables(ImageView const& image);
Finding version_definitions(ImageView const& image);
Finding version_node(ImageView const& image);
Finding export_versions(ImageView const& image);
Finding sigreturn(ImageView const& image);
Finding time_pair(ImageView const& image);

// checks_note.cc
Finding note_present(ImageView const& image);
Finding note_once(ImageView const& image);
Finding note_shape(ImageView const& image);
Finding note_version(ImageView const& image);
Finding page_size(ImageView const& image);
Finding time_page_place(ImageView const& image);
Finding time_page_apart(ImageView const& image);
Finding file_size(ImageView const& image);
Finding served_machine(ImageView const& image);
Finding trap_order(ImageView const& image);
Finding trap_in_code(ImageView const& image);
Finding trap_instruction(ImageView const& image);
Finding trap_listed(ImageView const& image);

// checks_vdsokit.cc
Finding load_first(ImageView const& image);
Finding linked_at_zero(ImageView const& image);
Finding no_eh_frame(ImageView const& image);
Finding no_search_path(ImageView const& image);
Finding sections_loaded(ImageView const& image);
Finding hash_choice(ImageView const& image);
Finding exports(ImageView const& image);
Finding export_function(ImageView const& image);
Finding export_size(ImageView const& image);
Finding export_name(ImageView const& image);

// checks_time_page.cc
Finding time_page_header(ImageView const& image);
Finding time_page_lines(ImageView const& image);
Finding time_page_rest(ImageView const& image);

}  // namespace vdsokit::kit::check
