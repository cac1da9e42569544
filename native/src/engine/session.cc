#include "session.h"

#include <algorithm>

namespace offhook {

void Session::keep(const std::shared_ptr<const Sound>& sound) {
  if (sound != nullptr && std::find(sounds_.begin(), sounds_.end(), sound) == sounds_.end()) sounds_.push_back(sound);
}

void Session::make_listenable() {
  if (voice == nullptr) voice = std::make_unique<SharedVoice>(make_codec ? make_codec() : nullptr, clock_rate_hz);
}

void Session::make_audible() {
  if (told == nullptr) told = std::make_unique<ToldVoice>();
}

void Session::listened_to() noexcept {
  if (++listeners == 1) receiver.set_listened(&voice->jitter);
}

void Session::left_alone() noexcept {
  voice->left();
  if (--listeners == 0) receiver.set_listened(nullptr);
}

void Session::told_along() noexcept {
  if (++overhearers == 1) sender.set_told(told.get());
}

void Session::told_alone() noexcept {
  if (--overhearers == 0) sender.set_told(nullptr);
}

}  // namespace offhook
