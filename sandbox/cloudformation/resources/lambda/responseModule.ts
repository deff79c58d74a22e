/**
 * The module `cfn-response` that CloudFormation puts beside inline Node.js code (Lambda resource documentation):
 * `send(event, context, status, data, physicalResourceId, noEcho)` answers a custom resource's request.
 */
export const responseModule = `
const http = require('http');
const https = require('https');
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = (event, context, status, data, physicalResourceId, noEcho) => new Promise((resolve, reject) => {
  const body = JSON.stringify({
    Status: status,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: data,
  });
  const url = new URL(event.ResponseURL);
  const client = url.protocol === 'http:' ? http : https;
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  const request = client.request(url, { method: 'PUT', headers }, (response) => {
    response.resume();
    resolve(context.done ? context.done() : undefined);
  });
  request.on('error', (error) => reject(context.done ? context.done(error) : error));
  request.end(body);
});
`;
