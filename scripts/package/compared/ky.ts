import ky from 'ky';

const client = ky.create({ headers: { authorization: 'Bearer token' }, throwHttpErrors: false });
const path = ['@me', '0003*210', 'b817d2618fe6f1804333'].map(encodeURIComponent).join('/');
const response = await client.put(`https://pbx.example.com/uapi/phoneCalls/${path}`, {
  json: { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' },
});
console.log(response.status);
