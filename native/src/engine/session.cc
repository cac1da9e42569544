#include "session.h"

#include <algorithm>

namespace offhook {

void Session::keep(const std::shared_ptr<const Sound>& sound) {
  if (sound != nullptr && std::find(sounds_.begin(), sounds_.end(), sound) == sounds_.end()) sounds_.push_back(sound);
}

void Session::make_listenable() {
  if (voice == nullptr) voice = std::make_unique<SharedVoice>(make_codec ? make_codec() : nullptr, clock_rate_hz);
}

void Session::listened_to() noexcept {
  if (++listeners == 1) receiver.set_listened(&voice->jitter);
}

void Session::left_alone() noexcept {
  voice->left();
  if (--listeners == 0) receiver.set_listened(nullptr);
}

}  // namespace offhook
