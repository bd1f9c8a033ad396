// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/image_rules.h"

#include "kit/image/image_checks.h"

namespace vdsokit::kit {
namespace {

using enum RuleScope;

constexpr ImageRule rules[] = {
    // The header.
    {"header-complete", "the file is shorter than an ELF header", any_vdso, check::header_complete},
    {"elf-magic", "the file does not begin with 7f 'E' 'L' 'F'", any_vdso, check::elf_magic},
    {"elf-class", "the class is neither 32 nor 64 bit", any_vdso, check::elf_class},
    {"little-endian", "the image is not little-endian", any_vdso, check::little_endian},
    {"elf-version", "the ELF version is not 1, which checkpointers insist on", any_vdso,
     check::elf_version},
    {"os-abi", "the OS ABI is neither none nor GNU, and such an image is not taken for a vDSO",
     any_vdso, check::os_abi},
    {"shared-object", "the file is not a shared object, so it cannot be mapped anywhere", any_vdso,
     check::shared_object},
    {"host-machine", "the image is code for another machine than this host's", host,
     check::host_machine},
    {"known-machine", "no vDSO is known for this machine in this class", any_vdso,
     check::known_machine},
    {"elf-flags", "the flags tie the image to one of the machine's two float ABIs", any_vdso,
     check::elf_flags},
    {"program-headers",
     "the program headers are missing, too many, of a wrong size, or not in the first 4096 bytes",
     any_vdso, check::program_headers},
    {"section-headers", "the section headers or the symbol sections they name leave the file",
     any_vdso, check::section_headers},

    // The segments.
    {"one-load", "there must be exactly one PT_LOAD: glibc ignores an image with two", any_vdso,
     check::one_load},
    {"one-dynamic", "there must be exactly one PT_DYNAMIC", any_vdso, check::one_dynamic},
    {"load-before-dynamic", "PT_DYNAMIC stands before PT_LOAD, and one-pass readers miss it",
     any_vdso, check::load_before_dynamic},
    {"load-placed", "PT_LOAD does not begin at offset 0 and at a page's address", any_vdso,
     check::load_placed},
    {"load-in-file", "PT_LOAD is empty, ends past the file, or is larger than 256 KiB", any_vdso,
     check::load_in_file},
    {"load-whole", "PT_LOAD is longer in memory than in the file: there is nothing to fill it with",
     any_vdso, check::load_whole},
    {"load-rights", "PT_LOAD is not readable and executable", any_vdso, check::load_rights},
    {"no-writable-segment",
     "a segment is writable: no page of an image is, and glibc writes to a writable PT_DYNAMIC",
     any_vdso, check::no_writable_segment},
    {"segments-loaded",
     "a segment is not inside PT_LOAD, or its address and its offset lead to different bytes",
     any_vdso, check::segments_loaded},
    {"no-tls", "there is a PT_TLS, at which glibc ends the process", any_vdso, check::no_tls},
    {"notes", "a note does not end inside its segment", any_vdso, check::notes},

    // The dynamic section.
    {"dynamic-table",
     "the dynamic section is misaligned, has more than 128 entries, or no DT_NULL ends it",
     any_vdso, check::dynamic_table},
    {"dynamic-once", "a dynamic entry is there twice, and readers disagree which one counts",
     any_vdso, check::dynamic_once},
    {"dynamic-strings",
     "DT_STRTAB or DT_STRSZ is missing, or the strings do not begin and end with NUL inside "
     "PT_LOAD",
     any_vdso, check::dynamic_strings},
    {"soname", "DT_SONAME is missing or not this machine's: debuggers and ldd know it by that",
     any_vdso, check::soname},
    {"no-relocations", "there are relocations, and nobody applies them", any_vdso,
     check::no_relocations},
    {"no-needed", "another library is needed, and nobody loads it", any_vdso, check::no_needed},
    {"no-initialisers", "there is code to run at load time, and nobody runs it", any_vdso,
     check::no_initialisers},

    // The symbols.
    {"hash-table", "there is neither DT_HASH nor DT_GNU_HASH, so nothing is ever found", any_vdso,
     check::hash_table},
    {"sysv-hash",
     "DT_HASH leaves PT_LOAD, has no bucket or more than 1024 symbols, or its chains go astray",
     any_vdso, check::sysv_hash},
    {"gnu-hash",
     "DT_GNU_HASH leaves PT_LOAD, has no bucket, a filter that is no power of two, or chains that "
     "go astray",
     any_vdso, check::gnu_hash},
    {"symbol-table",
     "DT_SYMTAB or DT_SYMENT is missing or wrong, or disagrees with the hash table or .dynsym",
     any_vdso, check::symbol_table},
    {"symbol-names", "a symbol's name is not in the string table, or longer than 255", any_vdso,
     check::symbol_names},
    {"no-undefined", "a symbol is undefined, and nobody defines it", any_vdso, check::no_undefined},
    {"exports-loaded", "an exported symbol has no address, or does not lie inside PT_LOAD",
     any_vdso, check::exports_loaded},
    {"sysv-hash-finds", "a look-up in DT_HASH does not find this symbol", any_vdso,
     check::sysv_hash_finds},
    {"gnu-hash-finds", "a look-up in DT_GNU_HASH does not find this symbol", any_vdso,
     check::gnu_hash_finds},
    {"version-tables",
     "DT_VERSYM, DT_VERDEF or DT_VERDEFNUM is missing or outside PT_LOAD: Go crashes without",
     any_vdso, check::version_tables},
    {"version-definitions",
     "a version definition is malformed: hash, name, index, order, or their number", any_vdso,
     check::version_definitions},
    {"version-node", "the version that this machine's libcs ask for is not defined", any_vdso,
     check::version_node},
    {"export-versions", "an exported symbol belongs to no version that is defined", any_vdso,
     check::export_versions},
    {"sigreturn", "the function through which signal handlers return is missing", any_vdso,
     check::sigreturn},
    {"time-pair", "of the 32-bit and the 64-bit clock function, musl uses both or neither",
     any_vdso, check::time_pair},

    // The note, and what it says.
    {"note-present", "there is no vdsokit note, so the time page cannot be found", host,
     check::note_present},
    {"note-once", "there is more than one vdsokit note", vdsokit, check::note_once},
    {"note-shape", "the vdsokit note has another type or length than its header says", vdsokit,
     check::note_shape},
    {"note-version", "the vdsokit note or the time page is of another version than this kit's",
     vdsokit, check::note_version},
    {"page-size", "the page size is none of 4096, 16384 and 65536", vdsokit, check::page_size},
    {"time-page-place", "the time page is not the page behind the code", vdsokit,
     check::time_page_place},
    {"time-page-apart", "something else of the image lies in the time page", vdsokit,
     check::time_page_apart},
    {"file-size", "the file does not end with the time page", vdsokit, check::file_size},
    {"load-first", "PT_LOAD is not the first program header", vdsokit, check::load_first},
    {"linked-at-zero", "the image is linked at another address than 0", vdsokit,
     check::linked_at_zero},
    {"sections-loaded",
     "the section headers, .dynsym or the names are not in the code pages, where bionic reads them",
     vdsokit, check::sections_loaded},
    {"served-machine", "vdsokit makes no image for this machine", vdsokit, check::served_machine},
    {"trap-order", "the trap sites are not listed in ascending order", vdsokit, check::trap_order},
    {"trap-in-code", "a trap site is not a whole instruction inside the code", vdsokit,
     check::trap_in_code},
    {"trap-instruction",
     "the trap sites hold different instructions: all hold the machine's own trap instruction, or "
     "all hold one replacement",
     vdsokit, check::trap_instruction},
    {"trap-listed", "an instruction enters the kernel and is not listed as a trap site", vdsokit,
     check::trap_listed},

    // What an image of ours has beyond the rest.
    {"hash-choice", "the hash tables are not those that this machine's readers need", vdsokit,
     check::hash_choice},
    {"export-function", "an exported symbol is not a function", vdsokit, check::export_function},
    {"export-size", "an exported function is shorter than 16 bytes, which those who patch it need",
     vdsokit, check::export_size},
    {"export-name", "an exported name is longer than the 31 characters that CRIU keeps", vdsokit,
     check::export_name},
    {"exports", "a function that this machine's image exports is missing", vdsokit, check::exports},
    {"no-search-path", "there is a search path for libraries: the build was not hermetic", vdsokit,
     check::no_search_path},
    {"no-eh-frame",
     "there is call frame information, which breaks unwinding from a handler on this machine",
     vdsokit, check::no_eh_frame},
    {"time-page-header", "the header of the time page holds what no Timekeeper writes", vdsokit,
     check::time_page_header},
    {"time-page-lines", "a clock of the time page holds what no Timekeeper writes", vdsokit,
     check::time_page_lines},
    {"time-page-rest", "the time page is not zero behind its last clock", vdsokit,
     check::time_page_rest},
};

}  // namespace

constinit ImageRules const image_rules{rules, sizeof(rules) / sizeof(rules[0])};

ImageRule const* find_rule(Text name) {
    for (ImageRule const& rule : image_rules)
        if (Text{rule.name} == name) return &rule;
    return nullptr;
}

}  // namespace vdsokit::kit
