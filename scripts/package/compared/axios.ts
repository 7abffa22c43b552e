import axios from 'axios';

const client = axios.create({ baseURL: 'https://pbx.example.com', headers: { authorization: 'Bearer token' } });
const path = ['@me', '0003*210', 'b817d2618fe6f1804333'].map(encodeURIComponent).join('/');
const response = await client.put(`/uapi/phoneCalls/${path}`, {
  action: 'Transfer',
  sendCallTo: '3235742879',
  transferFromNumber: '0003*024',
});
console.log(response.status);
