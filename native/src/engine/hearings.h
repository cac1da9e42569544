#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "messages.h"
#include "session.h"

namespace offhook {

/// Which session's far end hears which other's, or what that one is told. A bridge is two that hear each other, a conference some where each hears all others.
/// Owned by the media thread; allocates when constructed only.
class Hearings {
 public:
  explicit Hearings(std::size_t capacity) { pairs_.reserve(2 * capacity * VoiceMix::kMostVoices); }

  /// False when `listener` hears as many as may be. Once is enough.
  bool hear(Session& listener, Session& talker, Hearing what = Hearing::said) noexcept;
  void stop(Session& listener, Session& talker, Hearing what = Hearing::said) noexcept;
  /// It hears nobody and nobody hears it.
  void forget(Session& session) noexcept;

 private:
  struct Pair {
    Session* listener;
    Session* talker;
    Hearing what;
    bool operator==(const Pair&) const = default;
  };
  static void end(const Pair& pair) noexcept;

  std::vector<Pair> pairs_;
};

}  // namespace offhook
