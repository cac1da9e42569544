import t from 'tap';
import { dialledNumber } from '../../../src/registrar/dialled-number.js';

void t.test('what is dialled is a number in the country of the phone, or abroad', async (t) => {
  const berlin = '+4930123456';
  const cases: [string, string | undefined, string | undefined][] = [
    ['+420221111111', undefined, '+420221111111'],
    ['00420 221-111 111', undefined, '+420221111111'],
    ['00420221111111', berlin, '+420221111111'],
    ['030 99999999', berlin, '+493099999999'],
    ['01142072193000', '+12125550123', undefined],
    ['011442072193000', '+12125550123', '+442072193000'],
    ['(212) 555-0199', '+12125550123', '+12125550199'],
    ['030 99999999', undefined, undefined],
    ['200', berlin, undefined],
    ['112', berlin, undefined],
    ['911', '+12125550123', undefined],
    ['bob', berlin, undefined],
    ['', berlin, undefined],
  ];
  for (const [dialled, own, number] of cases) t.equal(dialledNumber(dialled, own), number, `${dialled} from ${own}`);
});
