// SPDX-License-Identifier: BSD-2-Clause
// One user of a counted object, given back when the holder goes out of scope.
#pragma once

namespace vdsokit::personality {

template <class T>
class Held {
public:
    Held() = default;
    // Takes over one user; nullptr holds nothing.
    explicit Held(T* object) : object_(object) {}
    Held(Held const&) = delete;
    Held& operator=(Held const&) = delete;
    ~Held() { reset(nullptr); }

    void reset(T* object) {
        if (object_ != nullptr) object_->release();
        object_ = object;
    }
    // The user passes to the caller.
    [[nodiscard]] T* give() {
        T* const object = object_;
        object_ = nullptr;
        return object;
    }
    T* get() const { return object_; }
    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    T* object_ = nullptr;
};

}  // namespace vdsokit::personality
