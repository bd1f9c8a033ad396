// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/line_discipline.h"

#include "hosts/personality/process/signal.h"

namespace vdsokit::personality {

namespace {

constexpr bool is_control(u8 byte) { return byte < 0x20 || byte == 0x7f; }
// A byte of a UTF-8 character that is not its first.
constexpr bool is_continuation(u8 byte) { return (byte & 0xc0) == 0x80; }
constexpr bool is_blank(u8 byte) { return byte == ' ' || byte == '\t'; }

}  // namespace

void LineDiscipline::set(TerminalSettings const& settings) {
    bool const was_canonical = has(local_flag::canonical);
    settings_ = settings;
    if (was_canonical != has(local_flag::canonical)) line_ = head_;
    is_literal_ = false;
}

void LineDiscipline::hang_up() {
    is_hung_up_ = true;
    line_ = head_;
}

void LineDiscipline::discard_input() {
    tail_ = line_ = head_;
    last_tail_ = tail_;
    is_literal_ = false;
}

// One place is kept for the element that ends the line.
void LineDiscipline::push(u16 element) {
    bool const ends = (element & (ends_line | end_of_file)) != 0;
    if (used() >= (ends ? capacity : capacity - 1)) return;
    elements_[head_++ % capacity] = element;
    if (ends || !has(local_flag::canonical)) line_ = head_;
}

void LineDiscipline::receive(u8 byte) {
    if ((settings_.input & input_flag::strip) != 0) byte &= 0x7f;
    if (is_literal_) {
        is_literal_ = false;
        echo(byte);
        push(byte);
        return;
    }
    if (byte == '\r') {
        if ((settings_.input & input_flag::ignore_return) != 0) return;
        if ((settings_.input & input_flag::return_to_newline) != 0) byte = '\n';
    } else if (byte == '\n' && (settings_.input & input_flag::newline_to_return) != 0) {
        byte = '\r';
    }
    if (has(local_flag::signals)) {
        i32 const number = settings_.is(Special::interrupt, byte) ? signal_number::interrupt
                           : settings_.is(Special::quit, byte)    ? signal_number::quit
                           : settings_.is(Special::suspend, byte) ? signal_number::tstp
                                                                  : 0;
        if (number != 0) {
            if (!has(local_flag::no_flush)) discard_input();
            echo(byte);
            port_.raise(number);
            return;
        }
    }
    if (has(local_flag::canonical) && edit(byte)) return;
    echo(byte);
    push(byte);
}

// True: the byte was a command or the end of a line.
bool LineDiscipline::edit(u8 byte) {
    bool const extended = has(local_flag::extended);
    if (settings_.is(Special::erase, byte)) {
        erase(false, false);
    } else if (settings_.is(Special::kill, byte)) {
        erase(false, true);
    } else if (extended && settings_.is(Special::word_erase, byte)) {
        erase(true, false);
    } else if (extended && settings_.is(Special::literal_next, byte)) {
        is_literal_ = true;
    } else if (extended && settings_.is(Special::reprint, byte)) {
        echo(byte);
        show_one('\n');
        for (u32 at = line_; at != head_; ++at) echo(static_cast<u8>(elements_[at % capacity]));
    } else if (settings_.is(Special::end_of_file, byte)) {
        push(end_of_file);
    } else if (byte == '\n' || settings_.is(Special::end_of_line, byte) ||
               (extended && settings_.is(Special::second_end_of_line, byte))) {
        if (byte == '\n' && has(local_flag::echo_newline) && !has(local_flag::echo)) show_one('\n');
        echo(byte);
        push(static_cast<u16>(byte | ends_line));
    } else {
        return false;
    }
    return true;
}

void LineDiscipline::erase(bool word, bool all) {
    if (all && !(has(local_flag::echo_kill_erase) && has(local_flag::echo_erase))) {
        if (head_ != line_ && has(local_flag::echo_kill)) {
            echo(settings_.at(Special::kill));
            show_one('\n');
        }
        head_ = line_;
        return;
    }
    auto const last = [this] { return static_cast<u8>(elements_[(head_ - 1) % capacity]); };
    if (word) {
        while (head_ != line_ && is_blank(last())) erase_one();
        while (head_ != line_ && !is_blank(last())) erase_one();
        return;
    }
    do {
        if (head_ != line_) erase_one();
    } while (all && head_ != line_);
}

// One character, with all its bytes and columns.
void LineDiscipline::erase_one() {
    u8 byte = 0;
    do {
        byte = static_cast<u8>(elements_[--head_ % capacity]);
    } while ((settings_.input & input_flag::utf8) != 0 && is_continuation(byte) && head_ != line_);
    if (!has(local_flag::echo)) return;
    if (!has(local_flag::echo_erase)) {
        echo(settings_.at(Special::erase));
        return;
    }
    u32 const columns = is_control(byte) && byte != '\t' && has(local_flag::echo_control) ? 2 : 1;
    for (u32 column = 0; column < columns; ++column) {
        constexpr u8 wipe[] = {'\b', ' ', '\b'};
        port_.show(wipe, sizeof(wipe));
    }
}

void LineDiscipline::echo(u8 byte) {
    if (!has(local_flag::echo)) return;
    if (is_control(byte) && byte != '\n' && byte != '\t' && has(local_flag::echo_control)) {
        u8 const shown[] = {'^', static_cast<u8>(byte ^ 0x40)};
        port_.show(shown, sizeof(shown));
        return;
    }
    show_one(byte);
}

bool LineDiscipline::is_readable(u32 minimum) const {
    if (is_hung_up_) return true;
    if (has(local_flag::canonical)) return line_ != tail_;
    return used() >= minimum;
}

u32 LineDiscipline::available() const {
    if (!has(local_flag::canonical)) return used();
    u32 count = 0;
    for (u32 at = tail_; at != line_; ++at)
        if ((elements_[at % capacity] & end_of_file) == 0) count += 1;
    return count;
}

u32 LineDiscipline::read(u8* to, u32 size, bool& more) {
    last_tail_ = tail_;
    more = false;
    u32 count = 0;
    while (tail_ != line_) {
        u16 const element = elements_[tail_ % capacity];
        if ((element & end_of_file) != 0) {
            // Behind bytes that fill the buffer it has done its work as well.
            tail_ += 1;
            break;
        }
        if (count == size) {
            more = true;
            break;
        }
        to[count++] = static_cast<u8>(element);
        tail_ += 1;
        if ((element & ends_line) != 0) break;
    }
    return count;
}

void LineDiscipline::take_back() { tail_ = last_tail_; }

void LineDiscipline::show_one(u8 byte) { write(&byte, 1); }

void LineDiscipline::write(u8 const* bytes, u64 size) {
    bool const processes = (settings_.output & output_flag::process) != 0;
    u64 from = 0;
    for (u64 at = 0; processes && at < size; ++at) {
        u8 const byte = bytes[at];
        bool const splits =
            byte == '\n' && (settings_.output & output_flag::newline_to_return_newline) != 0;
        bool const turns = byte == '\r' && (settings_.output & output_flag::return_to_newline) != 0;
        if (!splits && !turns) continue;
        if (at > from) port_.show(bytes + from, at - from);
        constexpr u8 newline[] = {'\r', '\n'};
        if (splits)
            port_.show(newline, 2);
        else
            port_.show(newline + 1, 1);
        from = at + 1;
    }
    if (size > from) port_.show(bytes + from, size - from);
}

}  // namespace vdsokit::personality
