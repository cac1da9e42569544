#include "hearings.h"

#include <algorithm>

namespace offhook {

bool Hearings::hear(Session& listener, Session& talker, Hearing what) noexcept {
  const Pair pair{&listener, &talker, what};
  if (std::find(pairs_.begin(), pairs_.end(), pair) != pairs_.end()) return true;
  VoiceMix& voices = listener.sender.voices();
  if (what == Hearing::told) {
    if (!voices.add(*talker.told)) return false;
    talker.told_along();
  } else {
    if (!voices.add(*talker.voice)) return false;
    talker.listened_to();
  }
  pairs_.push_back(pair);
  return true;
}

void Hearings::stop(Session& listener, Session& talker, Hearing what) noexcept {
  const Pair pair{&listener, &talker, what};
  if (std::erase(pairs_, pair) > 0) end(pair);
}

void Hearings::forget(Session& session) noexcept {
  std::erase_if(pairs_, [&session](const Pair& pair) {
    const bool part = pair.listener == &session || pair.talker == &session;
    if (part) end(pair);
    return part;
  });
}

void Hearings::end(const Pair& pair) noexcept {
  VoiceMix& voices = pair.listener->sender.voices();
  if (pair.what == Hearing::told) {
    voices.remove(*pair.talker->told);
    pair.talker->told_alone();
  } else {
    voices.remove(*pair.talker->voice);
    pair.talker->left_alone();
  }
}

}  // namespace offhook
