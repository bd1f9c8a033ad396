// SPDX-License-Identifier: BSD-2-Clause
// Broken hash tables, symbols and versions.
#include "test/kit/image/mutations.h"

namespace vdsokit::test {
namespace {

BrokenImage const rows[] = {
    {"hash-table", "aarch64", forget_dynamic<elf::dynamic_tag::hash>, dynamic_table,
     "no hash table at all"},
    {"sysv-hash", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::hash, [](auto& entry) { entry.value = 0x1ffc; });
     },
     dynamic<elf::dynamic_tag::hash>, "outside what is mapped"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i), u32{0}); }, hash,
     "a reader divides by the number of buckets"},
    {"sysv-hash", "arm", [](TestImage& i) { i.put(hash(i) + 8, u32{99}); },
     [](TestImage const& i) { return hash(i) + 8; }, "a bucket past the symbols"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{99}); },
     [](TestImage const& i) { return hash(i) + 16; }, "a chain past the symbols"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{1}); },
     [](TestImage const& i) { return hash(i) + 16; }, "a search would never end"},
    {"gnu-hash", "x86_64", [](TestImage& i) { i.put(gnu_hash(i), u32{0}); }, gnu_hash,
     "Go divides by the number of buckets"},
    {"gnu-hash", "x86_64", [](TestImage& i) { i.put(gnu_hash(i) + 8, u32{0}); }, gnu_hash,
     "glibc asserts a power of two"},
    {"gnu-hash", "i386", [](TestImage& i) { i.put(gnu_hash(i) + 16 + 4, u32{0}); }, gnu_hash,
     "the table disagrees with DT_HASH on the number of symbols"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::symbol_entry_size, [](auto& entry) { entry.value = 16; });
     },
     dynamic<elf::dynamic_tag::symbol_entry_size>, "the other class's size"},
    {"symbol-table", "arm", forget_dynamic<elf::dynamic_tag::symbol_entry_size>, dynamic_table,
     "CRIU needs DT_SYMENT"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::symbols, [](auto& entry) { entry.value = 0x1ff0; });
     },
     dynamic<elf::dynamic_tag::symbols>, "the last symbols are not mapped"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_section(elf::section_type::dynamic_symbols, [](auto& s) { s.size -= 24; });
     },
     section<elf::section_type::dynamic_symbols>, "bionic sees fewer symbols than the others"},
    {"symbol-names", "aarch64",
     [](TestImage& i) { i.edit_symbol(1, [](auto& s) { s.name = 0xffff'ffff; }); }, symbol<1>,
     "a name outside the table"},
    {"no-undefined", "arm", [](TestImage& i) { i.edit_symbol(2, [](auto& s) { s.section = 0; }); },
     symbol<2>, "nobody defines it"},
    {"exports-loaded", "aarch64",
     [](TestImage& i) { i.edit_symbol(1, [](auto& s) { s.value = 0; }); }, symbol<1>,
     "glibc takes 0 for undefined"},
    {"exports-loaded", "aarch64",
     [](TestImage& i) { i.edit_symbol(2, [](auto& s) { set(s.value, ~u64{4}); }); }, symbol<2>,
     "value plus size wraps"},
    {"sysv-hash-finds", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{0}); }, symbol<2>,
     "the chain ends before it"},
    {"gnu-hash-finds", "x86_64", [](TestImage& i) { i.put(gnu_hash(i) + 16, u64{0}); }, symbol<1>,
     "the filter says that nothing is there"},
    {"gnu-hash-finds", "i386", [](TestImage& i) { i.put(gnu_hash(i) + 24 + 4, u32{2}); }, symbol<2>,
     "another name's hash"},

    {"version-tables", "aarch64", forget_dynamic<elf::dynamic_tag::version_definitions>,
     dynamic_table, "Go dereferences a null DT_VERDEF"},
    {"version-tables", "aarch64", forget_dynamic<elf::dynamic_tag::version_symbols>, dynamic_table,
     "no version can be checked"},
    {"version-tables", "arm",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::version_symbols, [](auto& e) { e.value = 0x1ffe; });
     },
     dynamic<elf::dynamic_tag::version_symbols>, "not mapped"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(1, [](auto& v) { ++v.hash; }); }, version<1>,
     "glibc and Go compare the hash first"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(0, [](auto& v) { v.flags = 0; }); }, version<0>,
     "no base definition"},
    {"version-definitions", "i386",
     [](TestImage& i) { i.edit_version(2, [](auto& v) { v.index = 2; }); }, version<2>,
     "two versions of one index"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(1, [](auto& v) { v.next = 0xffff'fff0; }); },
     dynamic<elf::dynamic_tag::version_definitions>, "the chain leaves the image"},
    {"version-definitions", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::version_definition_count, [](auto& e) { e.value = 3; });
     },
     dynamic<elf::dynamic_tag::version_definition_count>, "fewer than announced"},
    {"version-node", "aarch64",
     [](TestImage& i) {
         u32 const name = i.get<u32>(version<0>(i) + sizeof(elf::VersionDefinition));
         u32 hash_of_name = 0;
         i.edit_version(0, [&](auto& base) { hash_of_name = base.hash; });
         i.put(version<1>(i) + sizeof(elf::VersionDefinition), name);
         i.edit_version(1, [&](auto& node) { node.hash = hash_of_name; });
     },
     version<0>, "a sound definition of a version that nobody asks for"},
    {"export-versions", "aarch64",
     [](TestImage& i) { i.put(i.view().symbols.version_index_at(1).value, u16{1}); },
     [](TestImage const& i) { return i.view().symbols.version_index_at(1).value; },
     "an export without a version"},
    {"sigreturn", "aarch64", rename_symbol<1, 4>, symbol<0>, "glibc on aarch64 passes no restorer"},
    {"sigreturn", "i386", withdraw_symbol<8>, symbol<0>, "in LINUX_2.5 alone"},
    {"time-pair", "arm", withdraw_symbol<2>, symbol<1>, "musl refuses a vDSO with one of the two"},
};

}  // namespace

std::span<BrokenImage const> broken_symbols() { return rows; }

}  // namespace vdsokit::test
