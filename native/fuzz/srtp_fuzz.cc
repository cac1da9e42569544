#include <array>
#include <vector>

#include "fuzz/byte_source.h"
#include "rtp/srtp.h"

namespace {

constexpr std::array<std::uint8_t, 46> kMaster{1, 2, 3};

}  // namespace

/// Any datagram is refused without being read beyond its end; what we protect ourselves is opened again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  if (size == 0) return 0;
  const auto suite = static_cast<SrtpSuite>(data[0] % 6);
  const SrtpSuiteShape& shape = shape_of(suite);
  const auto master = std::span(kMaster).first(shape.key_bytes + shape.salt_bytes);
  const auto receiver = SrtpReceiver::create(suite, master);
  const auto rtcp_receiver = SrtcpReceiver::create(suite, master);
  std::vector<std::uint8_t> packet(data + 1, data + size);
  std::vector<std::uint8_t> copy = packet;
  fuzz::require(rtcp_receiver->unprotect(copy) <= packet.size());
  copy = packet;
  fuzz::require(receiver->unprotect(copy) <= packet.size());

  const auto sender = SrtpSender::create(suite, master);
  copy = packet;
  copy.resize(packet.size() + kSrtpOverheadBytes);
  const std::size_t length = sender->protect(copy, packet.size());
  if (length == 0) return 0;
  copy.resize(length);
  const auto fresh = SrtpReceiver::create(suite, master);
  fuzz::require(fresh->unprotect(copy) == packet.size());
  copy.resize(packet.size());
  fuzz::require(copy == packet);
  return 0;
}
