/// The headings under which the systems of FORMATS.md, and people with a spreadsheet, write each
/// meaning; the number says how sure the words alone make it.
///
/// Flare and Symology, Bartec, Whitespace, Echo, Confirm, Alloy, Jadu, FixMyStreet, Open311,
/// SeeClickFix, the lists of New York and Boston, NoiseWorks; then common spellings.
let headingPhrases: [ColumnMeaning: [(words: [String], weight: Int)]] = {
  var table: [ColumnMeaning: [(words: [String], weight: Int)]] = [:]
  for (meaning, phrases) in phrasesByWeight {
    for (weight, list) in phrases {
      table[meaning, default: []] += list.split(separator: ",").map {
        ($0.split(separator: " ").map(String.init), weight)
      }
    }
  }
  return table
}()

private let phrasesByWeight: [ColumnMeaning: [(Int, String)]] = [
  .reference: [
    (
      95,
      """
      cr no,out cr no,job ref,job reference,job no,job number,enquiry number,report id,case id,\
      case reference,case ref,case number,case enquiry id,service request id,worksheet reference,\
      unique key,request id,request number,complaint number,complaint ref,complaint reference,\
      sr number,service request number,job id,ticket id,ticket number,our ref
      """
    ),
    (85, "reference,ref,ref no,reference number,reference no,ens reference,enquiry no,event guid"),
    (75, "guid,external reference,task ref,works order,order number,defect number,incident number"),
    (70, "service code"),
    (65, "id,item title"),
    (60, "key,number,no,internal council id,event id,ens id"),
  ],
  .received: [
    (
      95,
      """
      recorded date,date recorded,date received,received date,received,date requested,\
      requested datetime,enquiry log time,created date,open dt,date reported,reported date,\
      date logged,logged date,opened,date opened,created,created at,recorded,request date,\
      date raised,raised,reported,date created,opened at,open date
      """
    ),
    (80, "logged time,logged,log time,event date,start date,requested,submitted,report date"),
    (60, "date,extract date,confirmed,entry date,date of report"),
  ],
  .due: [
    (
      95,
      """
      action due,due date,due,date due,target date,target dt,worksheet due date,expected datetime,\
      sla date,deadline,respond by,target completion,due by,complete by
      """
    ),
    (70, "sla,expected date,expected,visit date,collection date,review date,next action"),
  ],
  .closed: [
    (
      95,
      """
      date cleared,cleared date,cleared,closed date,date closed,closed dt,closed,closed at,\
      date completed,completed date,completed,completion date,resolved date,date resolved,\
      resolved at,resolved,finished date
      """
    ),
    (70, "fixed,date fixed,end date,finished,date ended,ended"),
  ],
  .updated: [
    (
      95,
      """
      updated datetime,last updated,last edit date,last edited,date updated,updated,updated at,last modified,modified date,\
      history date time,history date,last changed,date modified,status date
      """
    ),
    (70, "resolution action updated date,modified,status time"),
  ],
  .status: [
    (
      95,
      """
      status,stage desc,maint stage,stage description,service status,case status,job status,\
      enquiry status code,enquiry status,status code,worksheet status,event state,state desc,\
      request status,status description
      """
    ),
    (75, "stage,state,stage code,resolution code,outcome"),
  ],
  .jobClass: [
    (95, "service class,class,job class,event class,request class"),
    (75, "reason,service group,type group,parent category,category group,group"),
    (
      65,
      "category,service code,service name,service,enquiry type,subject,department,la code,l a code,lca"
    ),
    (50, "analysis code,analysis code 1,code"),
  ],
  .type: [
    (
      95,
      """
      service type,job type,event type,request type,complaint type,type,service name,subcategory,\
      sub category,enquiry subject,case type,kind,job description type,service type label,\
      defect type,worksheet type,task type
      """
    ),
    (90, "subject name"),
    (80, "subject code,event type name,type description,job code,category name,item subtitle"),
    (70, "category,lca description,request,issue type,issue,problem,subtitle"),
    (50, "descriptor,case title,summary,product,event type id,service id,job"),
  ],
  .address: [
    (
      95,
      """
      address,full address,street address,site address,property address,premises address,incident address,\
      location address,job address,single line address,address line,premises,nearest address
      """
    ),
    (85, "address 1,address line 1,add 1,address 2,address line 2,add 2,enquiry location"),
    (75, "location,address 3,address line 3,location text,house,property"),
    (65, "where,house number,house name,site name,item name,location cache,items title,item title"),
    (60, "town,city,locality,address 4,address 5"),
  ],
  .postcode: [
    (95, "postcode,post code,zip,zip code,zipcode,postal code,pcode,incident zip,location zipcode")
  ],
  .uprn: [
    (98, "uprn,property uprn,unique property reference number,property urn,llpg uprn"),
    (60, "property reference,premises id,property id,blpu"),
  ],
  .easting: [
    (95, "easting,eastings,east,enquiry x,geo x,x coordinate,xcoord,x coord,bng easting,os x"),
    (80, "x,coord x,location x,grid x,e"),
  ],
  .northing: [
    (95, "northing,northings,north,enquiry y,geo y,y coordinate,ycoord,y coord,bng northing,os y"),
    (80, "y,coord y,location y,grid y,n"),
  ],
  .longitude: [(95, "longitude,long,lng,lon,location longitude,wgs 84 longitude,coordinates 0")],
  .latitude: [(95, "latitude,lat,location latitude,wgs 84 latitude,coordinates 1")],
  .point: [
    (
      85,
      """
      lat long,lat lng,latlong,latlng,coordinates,geometry,point,geom,wkt,location coordinates,\
      lat lon,geo point,geolocation,map location
      """
    ),
    (60, "location,position,grid reference"),
  ],
  .callerType: [
    (
      95, "caller type,caller,customer type,caller code,reporter type,raised by type,requester type"
    ),
    (75, "reported as,complainant type,customer class"),
    (60, "source,origin,contact type"),
  ],
  .timeOfDay: [
    (90, "time,recorded time,received time,time received,time recorded,log time,created time")
  ],
  .notes: [
    (
      95,
      """
      notes,note,detail,details,comments,comment,description,job notes,enquiry description,\
      worksheet message,status notes,remarks,free text,resolution description,closure reason,\
      service notice,message,instructions,officer comments,job detail,event history
      """
    ),
    (70, "title,query,text,history,observations,access instructions"),
  ],
  .contact: [
    (
      98,
      """
      user name,customer name,caller name,contact name,resident name,complainant,reporter,\
      complainant name,reporter name,name,first name,last name,surname,forename,email,e mail,\
      user email,email address,phone,telephone,tel,mobile,phone number,contact number,\
      telephone number,contact phone,contact email,customer,resident,user phone,reported by,\
      customer email,customer phone,customer telephone,home phone,requester,full name,\
      contact details,contact tel,report email,report tel,occupier,tenant
      """
    ),
    (85, "contact,title of customer,customers"),
  ],
  .personal: [
    (
      98,
      """
      date of birth,dob,d o b,birth date,birthdate,birthday,born,year of birth,age,age group,age band,\
      marital status,next of kin,nok,ni number,ni no,nino,national insurance,national insurance number,\
      national insurance no,gender,sex,pronouns,salutation,deceased,date of death,passport number,\
      driving licence number,bank account
      """
    ),
    // Of a person where the same few come again; of a report else.
    (72, "title"),
  ],
  .street: [
    (
      95, "usrn,nsg ref,street name,street,road,site code,location street name,street ref,road name"
    ),
    (85, "cross street,cross street 1,cross street 2,intersection street,region site"),
  ],
  .district: [
    (
      95,
      """
      ward,district,precinct,neighborhood,neighbourhood,council district,city council district,\
      police district,fire district,pwd district,borough,community board,parish,beat,zone,estate,\
      constituency,division,ward code,area,area code,geo area label,park borough,county
      """
    )
  ],
  .staff: [
    (
      95,
      """
      officer,officer name,assigned to,staff,staff user,inspector,user id,assigned id,owner,crew,\
      crew name,logged by,handler,case officer,work group name,assigned officer,allocated to,\
      managed by,queue
      """
    )
  ],
  .otherNumber: [
    (
      90,
      """
      external id,bbl,objectid,object id,address id,document id,parent id,payment,payment reference,\
      organisation id
      """
    )
  ],
  .link: [
    (
      95,
      """
      url,link,media url,photo,image,submittedphoto,closedphoto,report url,info url,attachment,\
      submitted photo,closed photo,uri,web link
      """
    )
  ],
  .systemLabel: [
    (98, "geometry type"),
    (95, "coordinate reference system,crs,srid,epsg,coordinate system,spatial reference,datum"),
  ],
  .statePlane: [
    (
      98,
      "x coordinate state plane,y coordinate state plane,state plane x,state plane y,xcoord ft"
    )
  ],
  .serviceEasting: [(98, "service location easting,service easting,work easting")],
  .serviceNorthing: [(98, "service location northing,service northing,work northing")],
]
